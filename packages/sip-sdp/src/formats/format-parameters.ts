/**
 * The parameters of an `a=fmtp` that is a list of `name=value` with semicolons between (RFC 4855 §3).
 * Names are in lower case, as they do not depend on it; a parameter without a value has `''`; of two with one name the first counts.
 */
export function parametersOf(fmtp: string | undefined): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const parameter of (fmtp ?? '').split(';')) {
    const equals = parameter.indexOf('=')
    const name = (equals === -1 ? parameter : parameter.slice(0, equals)).trim().toLowerCase()
    if (name !== '' && !parameters.has(name)) parameters.set(name, equals === -1 ? '' : parameter.slice(equals + 1).trim())
  }
  return parameters
}
