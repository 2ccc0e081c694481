// The people's side over HTTP, for other processes: POST /__telegram/<action> with JSON, GET for what can be seen.
import { z } from "zod";
import { BotApiError, EmulatorUsageError } from "../errors.ts";
import { CallRuleSchema, DeliveryRuleSchema } from "../faults.ts";
import type { Controllable } from "./controllable.ts";
import type { ControlHandler } from "./http-server.ts";

const userId = z.int().positive();
const channelId = z.int().negative();
const rights = z.record(z.string(), z.boolean());

interface Action<S extends z.ZodType> {
  readonly schema: S;
  readonly run: (input: z.output<S>, emulator: Controllable) => unknown;
}

const action = <S extends z.ZodType>(schema: S, run: Action<S>["run"]) => ({
  schema,
  run: (input: unknown, emulator: Controllable): unknown => run(schema.parse(input), emulator),
});

const of = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape);
const done = { done: true } as const;

/** Fields that may be left out, without `undefined` in them. */
const opt = <S extends z.ZodType>(schema: S) => schema.exactOptional();

const ACTIONS = {
  "people/add": action(
    of({
      id: opt(userId),
      firstName: opt(z.string()),
      lastName: opt(z.string()),
      username: opt(z.string()),
      languageCode: opt(z.string()),
      isPremium: opt(z.boolean()),
      bio: opt(z.string()),
      stars: opt(z.int().nonnegative()),
    }),
    (input, { people }) => people.add(input).user,
  ),
  "people/start": action(of({ userId, payload: opt(z.string()) }), (i, { people }) =>
    people.get(i.userId).start(i.payload),
  ),
  "people/send": action(of({ userId, text: z.string() }), (i, { people }) => people.get(i.userId).send(i.text)),
  "people/sendPhoto": action(of({ userId, caption: opt(z.string()) }), (i, { people }) =>
    people.get(i.userId).sendPhoto(i.caption),
  ),
  "people/edit": action(of({ userId, messageId: z.int(), text: z.string() }), (i, { people }) => {
    people.get(i.userId).edit(i.messageId, i.text);
    return done;
  }),
  "people/pressReplyKey": action(of({ userId, label: z.string() }), (i, { people }) =>
    people.get(i.userId).pressReplyKey(i.label),
  ),
  "people/press": action(
    of({ userId, button: z.string(), messageId: opt(z.int()) }),
    ({ userId: id, button, messageId }, { people }) =>
      people.get(id).press(messageId === undefined ? button : { messageId, data: button }),
  ),
  "people/pressForged": action(of({ userId, data: z.string(), messageId: opt(z.int()) }), (i, { people }) => ({
    queryId: people.get(i.userId).pressForged(i.data, i.messageId),
  })),
  "people/pay": action(
    of({ userId, link: opt(z.string()), messageId: opt(z.int()), chatOf: opt(userId) }),
    (i, { people }) => {
      if (i.link !== undefined) return people.get(i.userId).payInvoice(i.link);
      if (i.messageId === undefined) throw new EmulatorUsageError("Give link or messageId.");
      const chatOf = i.chatOf === undefined ? {} : { chatOf: people.get(i.chatOf) };
      return people.get(i.userId).payInvoice({ messageId: i.messageId, ...chatOf });
    },
  ),
  "people/payForged": action(
    of({
      userId,
      payload: z.string(),
      currency: z.string(),
      totalAmount: z.int().positive(),
      subscriptionPeriodSeconds: opt(z.int().positive()),
      skipCheckout: opt(z.boolean()),
    }),
    ({ userId: id, ...forged }, { people }) => people.get(id).payForged(forged),
  ),
  "people/openLink": action(of({ userId, link: z.string() }), (i, { people }) => people.get(i.userId).openLink(i.link)),
  "people/leave": action(of({ userId, channelId }), (i, { people }) => {
    people.get(i.userId).leave(i.channelId);
    return done;
  }),
  "people/topUp": action(of({ userId, stars: z.int().positive() }), (i, { people }) => {
    people.get(i.userId).topUp(i.stars);
    return { stars: people.get(i.userId).stars };
  }),
  "people/spendElsewhere": action(of({ userId, stars: z.int().positive() }), (i, { people }) => {
    people.get(i.userId).spendElsewhere(i.stars);
    return { stars: people.get(i.userId).stars };
  }),
  "people/cancelSubscription": action(of({ userId, subscription: z.string() }), (i, { people }) => ({
    changed: people.get(i.userId).cancelSubscription(i.subscription),
  })),
  "people/reenableSubscription": action(of({ userId, subscription: z.string() }), (i, { people }) => ({
    changed: people.get(i.userId).reenableSubscription(i.subscription),
  })),
  "people/block": action(of({ userId }), (i, { people }) => {
    people.get(i.userId).block();
    return done;
  }),
  "people/unblock": action(of({ userId }), (i, { people }) => {
    people.get(i.userId).unblock();
    return done;
  }),
  "people/deactivate": action(of({ userId }), (i, { people }) => {
    people.get(i.userId).deactivate();
    return done;
  }),
  "people/rename": action(
    of({ userId, firstName: opt(z.string()), lastName: opt(z.string()), username: opt(z.string()) }),
    ({ userId: id, ...names }, { people }) => {
      people.get(id).rename(names);
      return people.get(id).user;
    },
  ),
  "people/setLanguage": action(of({ userId, languageCode: z.string() }), (i, { people }) => {
    people.get(i.userId).setLanguage(i.languageCode);
    return people.get(i.userId).user;
  }),
  "people/setInTooManyChannels": action(of({ userId, value: z.boolean() }), (i, { people }) => {
    people.get(i.userId).setInTooManyChannels(i.value);
    return done;
  }),
  "channels/create": action(
    of({
      id: opt(channelId),
      title: opt(z.string()),
      username: opt(z.string()),
      ownerId: opt(userId),
      memberIds: opt(z.array(userId)),
      adminIds: opt(z.array(userId)),
      hasProtectedContent: opt(z.boolean()),
    }),
    ({ ownerId, ...input }, { channels, people }) => {
      const owner = ownerId === undefined ? {} : { owner: people.get(ownerId) };
      return { id: channels.create({ ...input, ...owner }).id };
    },
  ),
  "channels/setBotRights": action(of({ channelId, rights }), (i, { channels }) => {
    channels.get(i.channelId).setBotRights(i.rights);
    return { rights: channels.get(i.channelId).botRights };
  }),
  "channels/demoteBot": action(of({ channelId }), (i, { channels }) => {
    channels.get(i.channelId).demoteBot();
    return done;
  }),
  "channels/removeBot": action(of({ channelId, ban: z.boolean().default(false) }), (i, { channels }) => {
    channels.get(i.channelId).removeBot({ ban: i.ban });
    return done;
  }),
  "channels/adminAdds": action(of({ channelId, userId }), (i, { channels, people }) => {
    channels.get(i.channelId).adminAdds(people.get(i.userId));
    return done;
  }),
  "channels/adminBans": action(
    of({ channelId, userId, untilDate: opt(z.int()) }),
    ({ channelId: id, userId: who, ...options }, { channels, people }) => {
      channels.get(id).adminBans(people.get(who), options);
      return done;
    },
  ),
  "channels/adminUnbans": action(of({ channelId, userId }), (i, { channels, people }) => {
    channels.get(i.channelId).adminUnbans(people.get(i.userId));
    return done;
  }),
  "channels/adminPromotes": action(of({ channelId, userId, rights: opt(rights) }), (i, { channels, people }) => {
    channels.get(i.channelId).adminPromotes(people.get(i.userId), i.rights);
    return done;
  }),
  "channels/adminApproves": action(of({ channelId, userId }), (i, { channels, people }) => {
    channels.get(i.channelId).adminApproves(people.get(i.userId));
    return done;
  }),
  "channels/adminDeclines": action(of({ channelId, userId }), (i, { channels, people }) => {
    channels.get(i.channelId).adminDeclines(people.get(i.userId));
    return done;
  }),
  "channels/adminCreatesLink": action(
    of({
      channelId,
      name: opt(z.string()),
      expireDate: opt(z.int()),
      memberLimit: opt(z.int().positive()),
      createsJoinRequest: opt(z.boolean()),
    }),
    ({ channelId: id, ...settings }, { channels }) => ({ link: channels.get(id).adminCreatesLink(settings) }),
  ),
  "channels/revokeLink": action(of({ channelId, link: z.string() }), (i, { channels }) => {
    channels.get(i.channelId).revokeLink(i.link);
    return done;
  }),
  chargeback: action(of({ chargeId: z.string() }), (i, emulator) => {
    emulator.chargeback(i.chargeId);
    return done;
  }),
  sendRawUpdate: action(z.record(z.string(), z.unknown()), (body, emulator) => emulator.sendRawUpdate(body)),
  "faults/onCall": action(CallRuleSchema, (rule, { faults }) => ({ id: faults.onCall(rule as never).id })),
  "faults/onDelivery": action(DeliveryRuleSchema, (rule, { faults }) => ({ id: faults.onDelivery(rule as never).id })),
  "faults/release": action(of({ id: z.int() }), (i, { faults }) => {
    const rule = faults.calls.find(i.id) ?? faults.deliveries.find(i.id);
    if (!rule) throw new EmulatorUsageError(`No fault rule ${i.id}.`);
    rule.release();
    return { hits: rule.hits };
  }),
  "faults/clear": action(of({}), (_i, { faults }) => {
    faults.clear();
    return done;
  }),
  settled: action(of({}), async (_i, emulator) => {
    await emulator.settled();
    return done;
  }),
} as const;

/** `{"people/send": ["userId", "text"], …}`; what may be left out ends in `?`. Empty for an update, which has any. */
const fieldsOfActions = (): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(ACTIONS).map(([name, { schema }]) => {
      const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
      return [name, Object.entries(shape).map(([field, { _zod }]) => (_zod.optin ? `${field}?` : field))];
    }),
  );

const CallQuery = z.strictObject({
  method: z.string().exactOptional(),
  afterSeq: z.coerce.number().int().exactOptional(),
  chatId: z.coerce.number().int().exactOptional(),
  userId: z.coerce.number().int().exactOptional(),
});

const VIEWS: Readonly<Record<string, (query: URLSearchParams, emulator: Controllable) => unknown>> = {
  actions: fieldsOfActions,
  world: (_query, emulator) => emulator.snapshot(),
  calls: (query, emulator) => emulator.calls(CallQuery.parse(Object.fromEntries(query))),
  deliveries: (_query, emulator) => emulator.deliveries(),
  faults: (_query, { faults }) => ({ calls: faults.calls.list(), deliveries: faults.deliveries.list() }),
  screen: (query, { people }) => people.get(Number(query.get("userId"))).screen(),
  messages: (query, { people }) => people.get(Number(query.get("userId"))).messages(),
  notices: (query, { people }) => people.get(Number(query.get("userId"))).notices(),
};

/** JSON in, JSON out: `{ok: true, result}` or `{ok: false, error}`. */
export function makeControl(emulator: Controllable): ControlHandler {
  return async (method, path, query, body) => {
    try {
      const result = await handle(emulator, method, path, query, body);
      return { status: 200, body: { ok: true, result } };
    } catch (cause) {
      if (cause instanceof z.ZodError) return failure(400, z.prettifyError(cause));
      if (cause instanceof EmulatorUsageError) return failure(409, cause.message);
      if (cause instanceof BotApiError) return failure(409, cause.description);
      if (cause instanceof SyntaxError) return failure(400, "The body is not JSON.");
      if (cause instanceof NoSuchControl) return failure(404, cause.message);
      throw cause;
    }
  };
}

class NoSuchControl extends Error {}

function handle(emulator: Controllable, method: string, path: string, query: URLSearchParams, body: Buffer): unknown {
  const view = Object.hasOwn(VIEWS, path) ? VIEWS[path] : undefined;
  if (method === "GET" && view) return view(query, emulator);
  if (method === "POST" && Object.hasOwn(ACTIONS, path)) {
    const text = body.toString("utf8");
    return ACTIONS[path as keyof typeof ACTIONS].run(text === "" ? {} : JSON.parse(text), emulator);
  }
  throw new NoSuchControl(
    `No ${method} ${path}. Known: GET ${Object.keys(VIEWS).join(", ")}; POST ${Object.keys(ACTIONS).join(", ")}.`,
  );
}

const failure = (status: number, error: string) => ({ status, body: { ok: false, error } });
