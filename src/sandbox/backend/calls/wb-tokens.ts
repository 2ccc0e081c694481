import { z } from "zod";
import { AddTokenRequest } from "../../../backend/contract/admin.ts";
import { spreadsheetIdOf } from "../../../backend/contract/primitives.ts";
import { TokenListRequest } from "../../../backend/contract/spreadsheet.ts";
import { Refusal } from "../errors.ts";
import { decodeToken, readToken, type TokenFacts } from "../wb-token/read.ts";
import { utcInstant } from "../world/days.ts";
import { type Call, type CallContext, parse, visibleSpreadsheet } from "./call.ts";
import { register } from "./register.ts";

/** The token's shape is judged like the token: 422, not 400. */
const WithToken = z.looseObject({ token: z.string() });
const WELL_FORMED = `${"a".repeat(30)}.b.c`;

/** POST /admin/wb/tokens/add: an unknown spreadsheet is registered first. */
export const addWbToken: Call = (body, context) => {
  const { token } = parse(WithToken, body);
  const request = parse(AddTokenRequest, { ...(body as object), token: WELL_FORMED });
  const id = spreadsheetIdOf(request);
  const facts = factsOf(token, context);
  const known = context.world.spreadsheets.get(id);
  if (known && !known.isActive) throw new Refusal("spreadsheet_inactive");
  register(context, id, request.owner_email);
  const isRefused = context.world.collector.marketplace === "unauthorized";
  const { stored, created, replaced } = context.world.tokens.add(id, token, { ...facts, isRefused });
  const names = { spreadsheet_id: id, sid: stored.sid, token_suffix: stored.suffix };
  if (created) context.effect({ kind: "token_added", ...names });
  if (replaced > 0) context.effect({ kind: "token_replaced", spreadsheet_id: id, sid: stored.sid, count: replaced });
  return {
    status: 200,
    body: { success: true, result: { ...names, expires_at: utcInstant(stored.expiresAt), created } },
  };
};

/** @throws Refusal `invalid_wb_token` with the first reason, and all of them; `internal` where tokens are only decoded. */
function factsOf(token: string, { profile, tokenPolicy, now }: CallContext): TokenFacts {
  if (!profile.checksTokens) {
    const decoded = decodeToken(token);
    if (!decoded) throw new Refusal("internal", { message: "Internal Server Error" });
    return decoded.facts;
  }
  const reading = readToken(token, now(), tokenPolicy);
  if (reading.ok) return reading.facts;
  throw new Refusal("invalid_wb_token", { details: { reason: reading.reasons[0], reasons: reading.reasons } });
}

/** POST /ss/wb/token/get: active tokens; raw ones for operators only. */
export const getWbTokens: Call = (body, context) => {
  const { id } = visibleSpreadsheet(context, spreadsheetIdOf(parse(TokenListRequest, body)));
  const isClient = context.caller?.role === "client";
  const result = context.world.tokens.active(id, context.now()).map(({ sid, analytics, suffix, expiresAt, raw }) => ({
    sid,
    analytics,
    token_suffix: suffix,
    expires_at: utcInstant(expiresAt),
    ...(isClient || raw === null ? {} : { token: raw }),
  }));
  return { status: 200, body: { success: true, result } };
};
