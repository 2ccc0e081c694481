import { AppError } from "../../errors.ts";

/** @param sentence names file, line or row, and rule; never a value */
export const badCase = (sentence: string, cause?: unknown): AppError =>
  new AppError("parity.caseInvalid", { details: { problem: sentence }, ...(cause === undefined ? {} : { cause }) });
