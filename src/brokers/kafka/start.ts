import { START } from './programs.generated';
import { RUN_PATH } from './provision';
import { controllerPort, renderVoters } from './quorum';
import { ADMIN, SuperuserPasswords, DATA_PATH, heapOf, LOG_PATH, NodeKind } from './settings';
import { program } from '../../private/program';
import { FILL_PASSWORDS } from '../../servers/programs.generated';

/** Where the script is mounted that starts a node. */
export const START_PATH = '/etc/kafka/conduit/start';
/** Where the settings are mounted, with placeholders for passwords. */
export const SETTINGS_PATH = '/etc/kafka/conduit/server.properties';
/** Where it is mounted what a node has to say, and how. */
export const LOGGING_PATH = '/etc/kafka/conduit/log4j2.properties';

/** Starts a node. */
export function startScript({ quorum, broker, controller, certificate, memoryLimit, outside }: NodeKind, { admin }: SuperuserPasswords, id: string): string {
  const { members, firstId } = quorum;
  return program({
    RUN: RUN_PATH,
    DATA: DATA_PATH,
    LOGS: LOG_PATH,
    SETTINGS: SETTINGS_PATH,
    LOGGING: LOGGING_PATH,
    CLUSTER: id,
    VOTERS: renderVoters(quorum),
    FIRST_ID: controller ? firstId : 0,
    FIRST: controller && members.length > 1 ? members[0] : '',
    FIRST_PORT: controllerPort(members.length),
    OUTSIDE: broker ? outside.join(' ') : '',
    ADMIN,
    ADMIN_PASSWORD_FILE: admin.path,
    KEY: certificate?.key.path ?? '',
    KEY_IN: certificate ? `${certificate.key.bundle}/${certificate.key.key}` : '',
    HEAP: heapOf(memoryLimit.toMebibytes()),
  }, FILL_PASSWORDS, START);
}

/** All of it is told to whoever reads the container's output; files would fill its memory. What was refused to users is told, too. */
export function renderLogging(): string {
  return `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %m (%c)%n
rootLogger.level=info
rootLogger.appenderRef.console.ref=console
logger.states.name=state.change.logger
logger.states.level=warn
`;
}
