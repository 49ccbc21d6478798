import type { IContractCase } from './contract-case';
import type { IProgramReader } from './program-facts';
import { checkCall } from '../private/check-call';
import type { Deviation } from '../targets/fidelity';
import { TestOutput } from '../test-output';
import { Expectations } from './targets/expectations';
import type { ITarget } from '../targets/target';
import { connectionStatements } from './targets/statements/connections';
import { containerStatements } from './targets/statements/containers';
import { networkStatements } from './targets/statements/networks';
import type { Statements, View } from './targets/statements/programs';
import { publishedPortStatements } from './targets/statements/published-ports';
import { startStatements } from './targets/statements/start';
import { storageStatements } from './targets/statements/storage';

const STATEMENTS: Statements = {
  ...containerStatements, ...connectionStatements, ...networkStatements, ...publishedPortStatements, ...startStatements, ...storageStatements,
};

/** Statements that do not hold on a target. */
export interface ContractException {
  /** Why they do not; one of the differences that the target states. */
  readonly deviation: Deviation;
  /** The statements, word by word. */
  readonly statements: string[];
}

/**
 * What every target must do by which programs run, whoever wrote it. Each case builds an application, and judges what the target makes
 * of it, in any test runner: `for (const each of ProgramContract.cases(target, reader)) test(each.statement, () => each.check());`
 */
export class ProgramContract {
  /**
   * All cases.
   * @param exceptions statements that do not hold; each is checked not to hold
   */
  public static cases(target: ITarget, reader: IProgramReader, exceptions: ContractException[] = []): IContractCase[] {
    checkCall(this, 'ProgramContract.cases', arguments);
    const view: View = application => reader.read(TestOutput.of(application, target));
    const judge = (statement: string) => {
      const expectations = new Expectations(target.name, statement);
      STATEMENTS[statement](view, expectations);
      expectations.throwIfAny();
    };
    return [
      ...Object.keys(STATEMENTS).map(statement => {
        const exception = exceptions.find(({ statements }) => statements.includes(statement));
        if (!exception) return { statement, check: () => judge(statement) };
        return { statement: `${statement} (not so: ${exception.deviation.reason})`, check: () => requireFailure(target, statement, () => judge(statement)) };
      }),
      { statement: 'each exception is of a statement, and states a difference that the target states', check: () => checkExceptions(target, exceptions) },
    ];
  }

  private constructor() {}
}

/** A statement that holds after all needs no excuse any more. */
function requireFailure({ name }: ITarget, statement: string, check: () => void): void {
  try {
    check();
  } catch {
    return;
  }
  throw new Error(`contract of ${name}: '${statement}' holds; leave out the exception`);
}

function checkExceptions({ name, deviations }: ITarget, exceptions: ContractException[]): void {
  const expectations = new Expectations(name, 'each exception is of a statement, and states a difference that the target states');
  for (const { deviation, statements } of exceptions) {
    expectations.equal(statements.filter(statement => !Object.hasOwn(STATEMENTS, statement)), []);
    expectations.true(deviations.includes(deviation), `the target does not state '${deviation.feature}'`);
  }
  expectations.throwIfAny();
}
