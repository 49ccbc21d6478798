import { byText } from '../../private/names';
import type { Principal } from '../../servers/access';

/** What a client may do with a database. */
export enum DatabaseAccess {
  /** Read all tables. */
  READ = 'read',
  /** Read all tables, and insert, change and delete rows. */
  READ_WRITE = 'read-write',
  /** Everything, also make, change and drop tables. All owners of a database may do so with what any of them made. */
  OWN = 'own',
}

/** A user of a server, who may log in to one database. */
export interface DatabaseUser extends Principal {
  /** Name of the database. */
  readonly database: string;
  /** What the user may do with it. */
  readonly access: DatabaseAccess;
}

/** Endings of the roles that each database has, by what those may do who are in them. */
const ROLES: Record<DatabaseAccess, string> = { [DatabaseAccess.OWN]: 'owner', [DatabaseAccess.READ_WRITE]: 'writer', [DatabaseAccess.READ]: 'reader' };

/** The longest name that the server does not cut off. */
const LONGEST_NAME = 63;
/** Leaves room for the endings of roles. */
const LONGEST_DATABASE = LONGEST_NAME - '_owner'.length - 1;
/** What every server has already. */
const KEPT = ['postgres', 'template0', 'template1'];

/** What is wrong with the name of a database; undefined if nothing is. */
export function findDatabaseProblem(database: string): string | undefined {
  if (!/^[a-z]([a-z0-9_-]*[a-z0-9])?$/.test(database) || database.length > LONGEST_DATABASE) {
    return `'database' must be at most ${LONGEST_DATABASE} lower-case letters, digits, '_' and '-', beginning with a letter and not ending with a sign, got '${database}'`;
  }
  if (KEPT.includes(database) || database.startsWith('pg_')) return `'database' must not be ${KEPT.join(', ')} or begin with 'pg_', which the server keeps for itself, got '${database}'`;
  return undefined;
}

/** Why a user cannot have the name: the server would cut it off, and so take several users for one. */
export function findUserProblem(userName: string): string | undefined {
  return userName.length <= LONGEST_NAME ? undefined : `PostgreSQL takes names of at most ${LONGEST_NAME} characters, and the user '${userName}' has ${userName.length}; give the server, the database or the client a shorter one`;
}

/** A line for each user: its database, its name, the ending of its role, and the file of its password. */
export function renderUsers(users: DatabaseUser[]): string {
  return users.map(({ database, userName, access, password }) => `${database} ${userName} ${ROLES[access]} ${password.path}\n`).sort(byText).join('');
}
