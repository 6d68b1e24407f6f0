import type { Status } from '../core/status/status.js';
import {
  checkNumber,
  checkObject,
  checkWord,
  wrongType,
  type NumberLimits,
} from '../core/values/check.js';
import { endsIt, type OperationScript, type OperationStep } from './operation-script.js';

/**
 * Checks a script.
 *
 * @throws RangeError or TypeError that names the option and its value.
 */
export function checkScript(script: OperationScript): void {
  checkObject('script', script);
  const { name, steps, duration, cancelAfter, hiddenFor, progress } = script;
  if (name === '') throw new RangeError('Option `name` must not be empty.');
  checkType('name', name, 'string');
  checkNumbers({ duration, cancelAfter, hiddenFor }, { min: 0 });
  checkPollAfter('pollAfter', script.pollAfter);
  checkType('progress', progress, 'boolean');
  if (script.onCancel !== undefined) {
    checkWord('onCancel', script.onCancel, ['honour', 'ignore', 'refuse']);
  }
  checkOutcome('', script);
  if (progress === true) checkProgress(script);
  if (steps !== undefined) checkSteps(script, steps);
}

function checkSteps(script: OperationScript, steps: readonly OperationStep[]): void {
  if (!Array.isArray(steps)) throw wrongType('steps', steps, 'a list');
  const other = (['duration', 'response', 'error', 'progress'] as const).find(
    (option) => script[option] !== undefined,
  );
  if (other !== undefined) {
    throw new RangeError(`Option \`${other}\` must not be given with \`steps\`.`);
  }
  steps.forEach((step: OperationStep, index) => {
    const at = `steps[${index}]`;
    checkObject(at, step);
    checkNumber(`${at}.after`, step.after, { min: 0 });
    checkPollAfter(`${at}.pollAfter`, step.pollAfter);
    checkOutcome(`${at}.`, step);
    checkType(`${at}.done`, step.done, 'boolean');
    if (step.done === false && endsIt(step)) {
      throw new RangeError(
        `Option \`${at}.done\` must not be false: its response or error ends the operation.`,
      );
    }
    if ((step.done === true || endsIt(step)) && index < steps.length - 1) {
      throw new RangeError(`Option \`${at}\` must be the last step: it ends the operation.`);
    }
  });
}

function checkPollAfter(option: string, value: number | string | undefined): void {
  if (typeof value !== 'string') checkNumbers({ [option]: value }, { min: 0 });
}

function checkOutcome(
  at: string,
  { response, error }: Pick<OperationStep, 'response' | 'error'>,
): void {
  if (error === undefined) return;
  checkStatus(`${at}error`, error);
  if (response !== undefined) {
    throw new RangeError(`Option \`${at}error\` must not be given with \`${at}response\`.`);
  }
}

/**
 * Checks the Status of a failure.
 *
 * @throws RangeError or TypeError that names the option and its value.
 */
export function checkStatus(option: string, status: Partial<Status>): void {
  checkObject(option, status);
  const { code, message, details } = status;
  checkNumbers({ [`${option}.code`]: code }, { min: -(2 ** 31), whole: true });
  if (code === 0) throw new RangeError(`Option \`${option}.code\` must not be 0: that means OK.`);
  checkType(`${option}.message`, message, 'string');
  if (details !== undefined && !Array.isArray(details)) {
    throw wrongType(`${option}.details`, details, 'a list');
  }
}

function checkProgress({ duration, metadata }: OperationScript): void {
  if (duration === undefined) {
    throw new RangeError('Option `progress` needs a `duration`.');
  }
  if (metadata !== undefined) checkObject('metadata', metadata);
}

/**
 * Checks options that are numbers within the same limits. Those that are undefined are not given.
 *
 * @throws RangeError or TypeError that names the option and its value.
 * @internal
 */
export function checkNumbers(
  options: Readonly<Record<string, number | undefined>>,
  limits: NumberLimits,
): void {
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined) checkNumber(option, value, limits);
  }
}

/**
 * Checks the type of an option. One that is undefined is not given.
 *
 * @throws TypeError that names the option and its value.
 */
export function checkType(option: string, value: unknown, type: 'string' | 'boolean'): void {
  if (value !== undefined && typeof value !== type) throw wrongType(option, value, `a ${type}`);
}
