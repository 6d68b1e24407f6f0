import type { Status } from '../core/status/status.js';
import { checkNumber, checkObject, checkWord, wrongType } from '../core/values/check.js';
import { endsIt, type OperationScript, type OperationStep } from './operation-script.js';

/**
 * Checks a script.
 *
 * @throws RangeError or TypeError that names the option and its value.
 */
export function checkScript(script: OperationScript): void {
  checkObject('script', script);
  const { name, steps, duration, cancelAfter, hiddenFor, progress } = script;
  if (name !== undefined) checkName(name);
  checkTime('duration', duration);
  checkTime('cancelAfter', cancelAfter);
  checkTime('hiddenFor', hiddenFor);
  checkFlag('progress', progress);
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
    throw new RangeError(`Option \`${other}\` must not be given beside \`steps\`.`);
  }
  steps.forEach((step: OperationStep, index) => {
    const at = `steps[${index}]`;
    checkObject(at, step);
    checkNumber(`${at}.after`, step.after, { min: 0 });
    checkOutcome(`${at}.`, step);
    checkFlag(`${at}.done`, step.done);
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

function checkOutcome(
  at: string,
  { response, error }: Pick<OperationStep, 'response' | 'error'>,
): void {
  if (error === undefined) return;
  checkStatus(`${at}error`, error);
  if (response !== undefined) {
    throw new RangeError(`Option \`${at}error\` must not be given beside \`${at}response\`.`);
  }
}

/**
 * Checks a Status that is to say that something failed.
 *
 * @throws RangeError or TypeError that names the option and its value.
 */
export function checkStatus(option: string, status: Partial<Status>): void {
  checkObject(option, status);
  const { code, message, details } = status;
  if (code !== undefined) checkNumber(`${option}.code`, code, { min: -(2 ** 31), whole: true });
  if (code === 0) throw new RangeError(`Option \`${option}.code\` must not be 0: that means OK.`);
  if (message !== undefined && typeof message !== 'string') {
    throw wrongType(`${option}.message`, message, 'a string');
  }
  if (details !== undefined && !Array.isArray(details)) {
    throw wrongType(`${option}.details`, details, 'a list');
  }
}

function checkProgress({ duration, metadata }: OperationScript): void {
  if (duration === undefined) {
    throw new RangeError('Option `progress` must have a `duration` beside it.');
  }
  if (metadata !== undefined) checkObject('metadata', metadata);
}

function checkName(name: unknown): void {
  if (typeof name !== 'string') throw wrongType('name', name, 'a string');
  if (name === '') throw new RangeError('Option `name` must not be empty.');
}

function checkTime(option: string, value: number | undefined): void {
  if (value !== undefined) checkNumber(option, value, { min: 0 });
}

/**
 * Checks an option that is on or off.
 *
 * @throws TypeError that names the option and its value.
 */
export function checkFlag(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') {
    throw wrongType(option, value, 'a boolean');
  }
}
