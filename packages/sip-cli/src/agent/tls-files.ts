import type { Arguments } from '../command-line/arguments.js'
import { CommandError } from '../command-line/command-error.js'
import { exitCode } from '../command-line/exit-code.js'
import { readNamedFile } from '../command-line/read-file.js'
import type { ListenAddress } from '../command-line/socket-address.js'
import { formatHostPort } from '../command-line/socket-address.js'

/** Contents of the files that `--cert`, `--key` and `--ca` name. */
export interface TlsFiles {
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly ca?: Buffer
}

/** Reads them. @throws {@link CommandError} when one cannot be read, or when an address needs a certificate and there is none */
export async function readTlsFiles(args: Arguments, listen: readonly ListenAddress[]): Promise<TlsFiles> {
  const read = async (option: string): Promise<Buffer | undefined> => {
    const path = args.text(option)
    return path === undefined ? undefined : readNamedFile(path, `--${option}`)
  }
  const [cert, key, ca] = await Promise.all([read('cert'), read('key'), read('ca')])
  const secure = listen.find(({ transport }) => transport === 'TLS' || transport === 'WSS')
  if (secure !== undefined && (cert === undefined || key === undefined)) {
    const address = `${secure.transport.toLowerCase()}:${formatHostPort(secure.host, secure.port)}`
    throw new CommandError('no-certificate', `${address} needs a certificate; name one with --cert <file> and --key <file>`, exitCode.environment)
  }
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? '--cert' : '--key'
    throw new CommandError('no-certificate', `${missing} is missing; a certificate needs both --cert <file> and --key <file>`, exitCode.environment)
  }
  return { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }), ...(ca === undefined ? {} : { ca }) }
}
