// Loaded before the service (NODE_OPTIONS): a machine whose clock is wrong by SKEW_MS.
const skewMs = Number(process.env.SKEW_MS);
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...args) {
    if (args.length === 0) super(Right.now() + skewMs);
    else super(...args);
  }
  static now() {
    return Right.now() + skewMs;
  }
};
