// Which keyed events an actor has had: bounded, so that an idle actor stays small, and long enough for every repetition that may still come.
import { hash } from "node:crypto";
import { z } from "zod";
import { AppError } from "../errors.ts";

/** Key (shortened), revision, outcome, minute of the epoch. Newest last. */
const SeenKeys = z.array(z.tuple([z.string(), z.int(), z.enum(["applied", "ignored"]), z.int()]));
export type SeenKeys = z.infer<typeof SeenKeys>;

const MINUTE_MS = 60_000;
/**
 * An event between actors is repeated only while its outbox entry stands, an update only while its person's inbox holds it: both are
 * gone long before. Money uses keys that are kept for ever instead. Unit: minutes.
 */
const REMEMBER_MINUTES = 60;
/** Remembered whatever their age: a deployment that was down for a day comes back with its repetitions. */
const ALWAYS = 16;
/** An actor with more keyed events an hour than this is under attack or misused; it forgets the oldest. */
const AT_MOST = 2_048;

/** 72 bits of the key: enough to tell a few thousand apart. */
const shorten = (key: string): string => hash("sha1", key, "base64url").slice(0, 12);

export function findKey(
  keys: SeenKeys,
  key: string,
): { readonly rev: number; readonly outcome: "applied" | "ignored" } | null {
  const short = shorten(key);
  const seen = keys.find(([name]) => name === short);
  return seen ? { rev: seen[1], outcome: seen[2] } : null;
}

/** @param at Epoch ms. */
export function rememberKey(
  keys: SeenKeys,
  key: string,
  rev: number,
  outcome: "applied" | "ignored",
  at: number,
): SeenKeys {
  const minute = Math.floor(at / MINUTE_MS);
  const kept = keys.filter(
    ([, , , since], index) => index >= keys.length - (ALWAYS - 1) || minute - since <= REMEMBER_MINUTES,
  );
  return [...kept.slice(-(AT_MOST - 1)), [shorten(key), rev, outcome, minute]];
}

/** @throws AppError actor.quarantined */
export function readKeys(address: string, json: string): SeenKeys {
  if (json === "") return [];
  try {
    return SeenKeys.parse(JSON.parse(json));
  } catch (cause) {
    throw new AppError("actor.quarantined", { cause, details: { address, problem: "keys" } });
  }
}
