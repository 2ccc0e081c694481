// What support does every day, as events ready to be previewed: which of them make sense follows from the states.
import type { CustomerPage } from "../../support/answers/people.ts";
import { words } from "../words.ts";

export const COMMAND_NAMES = words({
  en: {
    extend: "Extend…",
    grant: "Grant time…",
    revoke: "Revoke access…",
    reinstate: "Reinstate…",
    invite: "New invite link…",
    block: "Block: risk…",
    clear: "Clear risk…",
    erase: "Erase the person…",
  },
  ru: {
    extend: "Продлить…",
    grant: "Выдать время…",
    revoke: "Закрыть доступ…",
    reinstate: "Вернуть доступ…",
    invite: "Новое приглашение…",
    block: "Заблокировать: риск…",
    clear: "Снять риск…",
    erase: "Удалить данные…",
  },
});
export type CommandName = keyof (typeof COMMAND_NAMES)["en"];

export interface EverydayCommand {
  readonly name: CommandName;
  readonly address: string;
  readonly event: { readonly type: string };
  readonly isGrave: boolean;
}

/** In the order of the actors; what cannot be done now is said by the preview, with the guard that refuses it. */
export function everydayCommands({ actors, risk }: Pick<CustomerPage, "actors" | "risk">): readonly EverydayCommand[] {
  return actors.flatMap(({ address, machine, states }) => {
    const command = (name: CommandName, type: string, isGrave = false): EverydayCommand => ({
      ...{ name, address, isGrave },
      event: { type },
    });
    switch (machine) {
      case "customer":
        return [
          ...(risk.blocked || states.includes("risk.watched") ? [command("clear", "risk.cleared")] : []),
          ...(risk.blocked ? [] : [command("block", "risk.blocked", true)]),
          command("erase", "erasure.requested", true),
        ];
      case "subscription":
        return [
          command("extend", "term.extended"),
          command("grant", "term.granted"),
          states.includes("billing.revoked")
            ? command("reinstate", "access.reinstated")
            : command("revoke", "access.revoked", true),
        ];
      case "invite":
        return [command("invite", "invite.requested")];
      default:
        return [];
    }
  });
}

/** One group per actor, in their order. */
export function byActor(
  commands: readonly EverydayCommand[],
): readonly (readonly [string, readonly EverydayCommand[]])[] {
  const addresses = [...new Set(commands.map(({ address }) => address))];
  return addresses.map((address) => [address, commands.filter((command) => command.address === address)]);
}
