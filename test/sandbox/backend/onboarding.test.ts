import { describe, expect, it } from "vitest";
import { OTHER_SHEET, PATHS, SHEET, SID, startBackend, YESTERDAY } from "./support.ts";

describe("a spreadsheet that is registered", () => {
  it("is created once; again it is confirmed, in whichever way it is named", async () => {
    const { post, effects } = await startBackend();
    const first = await post(PATHS.register, { spreadsheet_id: SHEET, owner_email: "Ann@example.com" });
    expect(first).toMatchObject({
      status: 200,
      body: { success: true, result: { spreadsheet_id: SHEET, created: true, active: true } },
    });
    for (const body of [{ ssId: SHEET }, { spreadsheet_id: SHEET, ssId: SHEET, owner_email: "ann@example.com" }])
      expect((await post(PATHS.register, body)).body.result).toEqual({
        spreadsheet_id: SHEET,
        created: false,
        active: true,
      });
    expect(effects()).toEqual([{ kind: "spreadsheet_registered", spreadsheet_id: SHEET }]);
  });

  it("takes another address of its owner, but not that of another customer", async () => {
    const { backend, post } = await startBackend();
    await post(PATHS.register, { spreadsheet_id: SHEET, owner_email: "ann@example.com" });
    await post(PATHS.register, { spreadsheet_id: OTHER_SHEET, owner_email: "bob@example.com" });
    expect((await post(PATHS.register, { spreadsheet_id: SHEET, owner_email: "ann@work.example" })).status).toBe(200);
    expect(await post(PATHS.register, { spreadsheet_id: SHEET, owner_email: "bob@example.com" })).toMatchObject({
      status: 409,
      body: { code: "owner_conflict", retryable: false },
    });
    expect(backend.overview().spreadsheets.map((sheet) => sheet.owner_email)).toEqual([
      "ann@work.example",
      "bob@example.com",
    ]);
  });

  it("that is known to be another customer's stays theirs, also when a token is added", async () => {
    const { post, token, control, effects } = await startBackend();
    await control("spreadsheets", { spreadsheet_id: SHEET, belongs_to: "ann@example.com" });
    const body = { spreadsheet_id: SHEET, owner_email: "new@example.com" };
    expect((await post(PATHS.register, body)).body.code).toBe("owner_conflict");
    expect((await post(PATHS.addToken, { ...body, token: token() })).body.code).toBe("owner_conflict");
    expect(effects()).toEqual([]);
  });

  it("comes back from being inactive, and nothing else works until then", async () => {
    const { post, read, token, control, effects, connect } = await startBackend();
    await connect();
    await control("spreadsheets", { spreadsheet_id: SHEET, active: false });
    for (const answer of [
      await read(),
      await post(PATHS.getTokens, { spreadsheet_id: SHEET }),
      await post(PATHS.update, { ssId: SHEET }),
      await post(PATHS.addToken, { ssId: SHEET, token: token() }),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: "spreadsheet_inactive" } });
    expect((await post(PATHS.register, { ssId: SHEET })).body.result).toMatchObject({ created: false, active: true });
    expect(effects("spreadsheet_reactivated")).toHaveLength(1);
    expect((await read({}, "upstream")).status).toBe(200);
  });

  it("is refused without an id, with two of them, or with one that is none", async () => {
    const { post } = await startBackend();
    const refusal = async (body: unknown) => {
      const answer = await post(PATHS.register, body);
      return [answer.status, answer.body.code];
    };
    expect(await refusal({})).toEqual([400, "invalid_request"]);
    expect(await refusal({ spreadsheet_id: 5 })).toEqual([400, "invalid_request"]);
    expect(await refusal({ spreadsheet_id: SHEET, ssId: OTHER_SHEET })).toEqual([400, "invalid_request"]);
    expect(await refusal({ spreadsheet_id: SHEET, owner_email: "nobody" })).toEqual([400, "invalid_request"]);
    for (const id of ["short", "2PACX-1vQabcdefghijklmnopqrstuvwxyz", "not/an/id/not/an/id/not/an/id", "x".repeat(129)])
      expect(await refusal({ spreadsheet_id: id })).toEqual([400, "invalid_spreadsheet_id"]);
  });
});

describe("a Wildberries token", () => {
  it("is added once, and shows no more of itself than its end", async () => {
    const { post, token, effects, clock } = await startBackend();
    const text = token();
    const add = () => post(PATHS.addToken, { spreadsheet_id: SHEET, token: text, owner_email: "ann@example.com" });
    const first = await add();
    expect(first.body.result).toMatchObject({
      spreadsheet_id: SHEET,
      sid: SID,
      created: true,
      expires_at: new Date(clock.ms + 180 * 86_400_000).toISOString().replace(".000", ""),
    });
    const suffix: string = first.body.result.token_suffix;
    expect(suffix.length).toBeLessThanOrEqual(6);
    expect(text.endsWith(suffix.replaceAll(".", ""))).toBe(true);
    expect((await add()).body.result.created).toBe(false);
    // The spreadsheet was unknown: it is registered on the way.
    expect(effects().map(({ kind }) => kind)).toEqual(["spreadsheet_registered", "token_added"]);
  });

  it("takes the place of the seller's older one, beside those of other sellers", async () => {
    const { post, token } = await startBackend();
    const add = (text: string) => post(PATHS.addToken, { spreadsheet_id: SHEET, token: text });
    const list = async () => (await post(PATHS.getTokens, { ssId: SHEET })).body.result;
    const [older, newer] = [token({ id: "1" }), token({ id: "2" })];
    const other = token({ sid: "11111111-2222-4333-8444-555555555555" });
    for (const text of [older, other, newer]) await add(text);
    expect((await list()).map((entry: { token: string }) => entry.token).sort()).toEqual([newer, other].sort());
    // The older one again: it is what its owner wants now.
    expect((await add(older)).body.result.created).toBe(false);
    expect((await list()).map((entry: { token: string }) => entry.token).sort()).toEqual([older, other].sort());
  });

  it("is shown raw to operators only", async () => {
    const { backend, post, connect } = await startBackend();
    await connect();
    const asOperator = await post(PATHS.getTokens, { spreadsheet_id: SHEET });
    const asClient = await post(PATHS.getTokens, { spreadsheet_id: SHEET }, { key: backend.clientKey });
    expect(asOperator.body.result[0].token).toMatch(/^eyJ/);
    expect(asClient.body.result).toEqual([
      { sid: SID, analytics: true, token_suffix: expect.any(String), expires_at: expect.any(String) },
    ]);
  });

  it("is not listed when it is over, or when the marketplace does not take it", async () => {
    const { post, token, control, advance } = await startBackend();
    const list = async () => (await post(PATHS.getTokens, { spreadsheet_id: SHEET })).body.result;
    await post(PATHS.addToken, { spreadsheet_id: SHEET, token: token({ expiresInS: 2 * 86_400 }) });
    expect(await list()).toHaveLength(1);
    await advance(2 * 86_400_000);
    expect(await list()).toEqual([]);
    await control("collector", { marketplace: "unauthorized" });
    expect((await post(PATHS.addToken, { spreadsheet_id: SHEET, token: token() })).status).toBe(200);
    expect(await list()).toEqual([]);
  });

  it("that could never work is refused with the reason", async () => {
    const { post, token, effects } = await startBackend({ serviceId: "ours" });
    const reasons = async (text: string) => {
      const { status, body } = await post(PATHS.addToken, { spreadsheet_id: SHEET, token: text });
      expect([status, body.code]).toEqual([422, "invalid_wb_token"]);
      expect(body.details.reason).toBe(body.details.reasons[0]);
      return body.details.reasons;
    };
    expect(await reasons("no token")).toEqual(["malformed"]);
    expect(await reasons(token({ alg: "HS256" }))).toEqual(["malformed"]);
    for (const name of ["exp", "sid", "s"]) expect(await reasons(token({ omit: [name] }))).toEqual(["malformed"]);
    expect(await reasons(token({ claims: { sid: "seller" } }))).toEqual(["malformed"]);
    expect(await reasons(token({ claims: { exp: 1e300 } }))).toEqual(["malformed"]);
    expect(await reasons(token({ expiresInS: 86_399 }))).toEqual(["expired"]);
    expect(await reasons(token({ t: true }))).toEqual(["sandbox"]);
    expect(await reasons(token({ acc: 2 }))).toEqual(["sandbox"]);
    expect(await reasons(token({ scopes: ["content", "analytics", "prices", "promotion"] }))).toEqual([
      "missing_scope:statistics",
    ]);
    expect(await reasons(token({ s: 2 ** 40 }))).toHaveLength(5);
    expect(await reasons(token({ acc: 4, for: "asid:theirs" }))).toEqual(["wrong_service"]);
    expect(await reasons(token({ acc: 3, for: "self" }))).toEqual(["personal_token"]);
    expect(effects()).toEqual([]);
    for (const good of [token({ expiresInS: 86_400 }), token({ acc: 4, for: "asid:ours" }), token({ acc: 1 })])
      expect((await post(PATHS.addToken, { spreadsheet_id: SHEET, token: good })).status).toBe(200);
  });

  it("of the marketplace's sandbox, and a personal one, are taken where that is switched on", async () => {
    const { post, token } = await startBackend({ allowTestTokens: true, allowPersonalTokens: true });
    for (const text of [token({ t: true, acc: 2 }), token({ acc: 3 })])
      expect((await post(PATHS.addToken, { spreadsheet_id: SHEET, token: text })).status).toBe(200);
  });

  it("must be there", async () => {
    const { post } = await startBackend();
    for (const body of [{ spreadsheet_id: SHEET }, { spreadsheet_id: SHEET, token: null }])
      expect((await post(PATHS.addToken, body)).body.code).toBe("invalid_request");
    expect((await post(PATHS.addToken, { spreadsheet_id: "x", token: "y" })).body.code).toBe("invalid_spreadsheet_id");
  });
});

describe("a refresh", () => {
  it("is accepted, runs as a job, and brings no rows by itself", async () => {
    const { post, get, read, connect, advance } = await startBackend();
    await connect();
    const accepted = await post(PATHS.update, { ssId: SHEET });
    expect(accepted.body).toMatchObject({ success: true, message: "accepted", spreadsheet_id: SHEET, dataset: null });
    const job = () => get(`/api/jobs/${accepted.body.job_id}`);
    expect((await job()).body).toMatchObject({ state: "queued", started_at: null, finished_at: null });
    await advance(1_000);
    expect((await job()).body).toMatchObject({ state: "running", started_at: "2026-02-18T12:00:01+03:00" });
    await advance(4_000);
    expect((await job()).body).toMatchObject({ state: "done", finished_at: "2026-02-18T12:00:05+03:00" });
    expect(await read({}, "local")).toMatchObject({ status: 404, body: { code: "dataset_not_found" } });
  });

  it("within a minute of the same one is the same", async () => {
    const { post, effects, connect, advance } = await startBackend();
    await connect();
    const update = async (dataset?: object) =>
      (await post(PATHS.update, { ssId: SHEET, ...(dataset ? { dataset } : {}) })).body.job_id;
    const first = await update();
    expect(await update()).toBe(first);
    const one = await update({ name: "checklist", values: { date_from: YESTERDAY } });
    expect(one).not.toBe(first);
    await advance(59_999);
    expect(await update()).toBe(first);
    await advance(1);
    expect(await update()).not.toBe(first);
    expect(effects("refresh_started")).toHaveLength(3);
    expect(effects("refresh_merged")).toHaveLength(2);
  });

  it("of a dataset that is not implemented comes with a warning; of an unknown one it is refused", async () => {
    const { post, connect, effects } = await startBackend();
    await connect();
    const update = (name: string) => post(PATHS.update, { spreadsheet_id: SHEET, dataset: { name } });
    expect((await update("wb10xSalesReport_v1")).body).toMatchObject({
      message: "accepted",
      warning: expect.stringContaining("not implemented"),
    });
    expect(await update("horoscope")).toMatchObject({ status: 422, body: { code: "unsupported_dataset" } });
    expect(effects("refresh_started")).toEqual([]);
  });
});
