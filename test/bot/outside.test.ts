import { describe, expect, it } from "vitest";
import { statusScreen } from "../../src/bot/screens/status.ts";
import type { Standing } from "../../src/bot/view.ts";
import { aChat, aProduct, aReader, LINK } from "./support/views.ts";

const labelsOf = (screen: ReturnType<typeof statusScreen>) => screen.keyboard.flat().map(({ text }) => text);
const reader = aReader({ language: "en" });

describe("a paying member whom an administrator of the channel put out", () => {
  it.each(["lifetime", "slack", "renewing", "prepaid"] as const)(
    "reads that people look into it, and finds support instead of an invitation that can't work (%s)",
    (standing) => {
      const screen = statusScreen(aProduct(standing, { chats: [aChat({ banned: true })] }), reader);
      expect(screen.text).toMatch(/An administrator of the channel has removed you.*We are looking into it/);
      expect(screen.text).not.toMatch(/[Nn]othing to do/);
      expect(labelsOf(screen)).toContain("Write to support");
      expect(labelsOf(screen)).not.toContain("Get an invitation");
    },
  );

  it("can still come into the other chats of the product", () => {
    const chats = [aChat({ banned: true }), aChat({ chatId: "-1002", link: null })];
    expect(labelsOf(statusScreen(aProduct("prepaid", { chats }), reader))).toContain("Get an invitation");
  });

  it("reads nothing of it once the access has ended", () => {
    const screen = statusScreen(aProduct("expired", { chats: [aChat({ banned: true })] }), reader);
    expect(screen.text).not.toContain("administrator");
  });
});

describe("somebody whose access runs", () => {
  const read = (standing: Standing, chat: ReturnType<typeof aChat>) =>
    statusScreen(aProduct(standing, { chats: [chat] }), reader).text;

  it.each(["lifetime", "slack"] as const)("has nothing to do inside, and a way to take outside (%s)", (standing) => {
    expect(read(standing, aChat({ inside: true }))).toContain("Nothing to do");
    expect(read(standing, aChat({ link: LINK }))).not.toContain("Nothing to do");
    expect(read(standing, aChat())).not.toContain("Nothing to do");
  });
});

describe("somebody whose figures come from the reserve source", () => {
  it.each([
    ["en", /reserve source just now.*nothing to do/],
    ["ru", /из резервного источника.*делать ничего не нужно/],
  ] as const)("reads so, calmly, while access runs (%s)", (language, words) => {
    const read = (isOnReserve?: boolean) =>
      statusScreen(aProduct("prepaid", isOnReserve === undefined ? {} : { isOnReserve }), aReader({ language })).text;
    expect(read(true)).toMatch(words);
    expect(read()).not.toMatch(words);
    expect(statusScreen(aProduct("expired", { isOnReserve: true }), aReader({ language })).text).not.toMatch(words);
  });
});
