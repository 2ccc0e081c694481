// One call of a Bot API method: look it up, check its parameters, run it, write it down.
import type { ApiResponse } from "@grammyjs/types";
import { BotApiError } from "../errors.ts";
import type { Journal } from "../journal.ts";
import type { CallContext } from "../methods/define.ts";
import { METHODS } from "../methods/table.ts";
import type { FloodControl } from "./flood.ts";
import { fromText, type RawParams } from "./request-body.ts";

/** Ignored in the body of a webhook's answer. */
const isIgnoredInReply = (method: string): boolean => /^(?:get|setwebhook|deletewebhook|close|logout)/i.test(method);

export class BotApi {
  readonly #context: CallContext;
  readonly #journal: Journal;
  readonly #flood: FloodControl;

  constructor(context: CallContext, journal: Journal, flood: FloodControl) {
    this.#context = context;
    this.#journal = journal;
    this.#flood = flood;
  }

  /** The envelope Telegram answers; never rejects for a refusal. */
  async call(method: string, raw: RawParams, fault: string | null): Promise<ApiResponse<unknown>> {
    const definition = METHODS.get(method.toLowerCase());
    const values = raw.isText && definition ? fromText(raw.values, definition.schema.shape) : raw.values;
    const response = await this.#run(method, values);
    this.#write(definition?.name ?? method, values, response, fault);
    return response;
  }

  /** A call that a fault kept from happening. */
  note(method: string, raw: RawParams, fault: string): void {
    this.#write(METHODS.get(method.toLowerCase())?.name ?? method, raw.values, null, fault);
  }

  /** A method call in the body of a webhook's answer: it runs, its result is lost. */
  async callFromReply(body: string): Promise<void> {
    const values = asObject(body);
    const method = values?.method;
    if (!values || typeof method !== "string" || isIgnoredInReply(method)) return;
    const { method: _method, ...params } = values;
    await this.call(method, { values: params, isText: false }, "webhookReply");
  }

  async #run(method: string, values: RawParams["values"]): Promise<ApiResponse<unknown>> {
    try {
      const definition = METHODS.get(method.toLowerCase());
      if (!definition) throw new BotApiError(404, "Not Found");
      this.#flood.check(method, values);
      return { ok: true, result: await definition.run(values, this.#context) };
    } catch (cause) {
      if (!(cause instanceof BotApiError)) throw cause;
      return envelope(cause);
    }
  }

  #write(
    method: string,
    params: RawParams["values"],
    response: ApiResponse<unknown> | null,
    fault: string | null,
  ): void {
    const at = this.#context.world.context.clock.now();
    // A copy: results are live objects of the world and will change.
    this.#journal.add({ at, method, params, response: structuredClone(response), fault });
  }
}

export const envelope = (error: BotApiError): ApiResponse<never> => ({
  ok: false,
  error_code: error.errorCode,
  description: error.description,
  ...(error.parameters ? { parameters: error.parameters } : {}),
});

function asObject(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : null;
  } catch (cause) {
    // An answer such as "ok" is no method call.
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}
