// What people of the sandbox answer when the product is connected: right answers, of a spreadsheet and a seller of their own.
import { mintWbToken } from "../backend/wb-token/mint.ts";

export type Question = "email" | "sheet" | "token";

/** The spreadsheet of a person. Its id looks like Google's. */
export const sheetOf = (userId: number): string => `1Sandbox_${userId}_0123456789-abcdefghijKLM`;

/** The seller of a person: a UUID. */
const sellerOf = (userId: number): string => `5f0c6f0e-6f0b-4b0e-9a49-${String(userId).slice(-12).padStart(12, "0")}`;

/** @param now epoch ms */
export function answerTo(question: Question, userId: number, now: number): string {
  switch (question) {
    case "email":
      return `anna.${userId}@gmail.com`;
    case "sheet":
      return `https://docs.google.com/spreadsheets/d/${sheetOf(userId)}/edit#gid=0`;
    case "token":
      return mintWbToken({ now, sid: sellerOf(userId) });
  }
}

/** Whether a text may be a token. One that somebody typed could be a real one: it is never written down. */
export const looksLikeToken = (text: string): boolean => /eyJ[\w-]{4,}/.test(text);
