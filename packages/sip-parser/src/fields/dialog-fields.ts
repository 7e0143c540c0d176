import type { HeaderField } from '../header-fields.js'
import { TokenValue } from '../values/token-value.js'
import { Join, Replaces, TargetDialog } from './dialog-reference.js'
import { NumberValue } from './number-value.js'
import { RAck } from './rack.js'
import { Reason } from './reason.js'
import { SessionExpires } from './session-expires.js'
import { SessionId } from './session-id.js'
import { readCount } from './text.js'
import { TextValue } from './text-value.js'

// Header fields of calls and dialogs.

/** `Manual` or `Auto`, perhaps with `require` (RFC 5373 §2). */
export const answerMode: HeaderField<TokenValue> = { name: 'Answer-Mode', section: 'RFC 5373 §2', read: TokenValue.read }
/** The package an INFO belongs to (RFC 6086 §7.2). */
export const infoPackage: HeaderField<TokenValue> = { name: 'Info-Package', section: 'RFC 6086 §7.2', read: TokenValue.read }
/** RFC 3911 §7.1. */
export const join: HeaderField<Join> = { name: 'Join', section: 'RFC 3911 §7.1', read: Join.read }
/** Shortest session interval, seconds (RFC 4028 §5). */
export const minSE: HeaderField<NumberValue> = { name: 'Min-SE', section: 'RFC 4028 §5', read: NumberValue.read }
/** Answer-Mode for those who are allowed to override (RFC 5373 §2). */
export const privAnswerMode: HeaderField<TokenValue> = { name: 'Priv-Answer-Mode', section: 'RFC 5373 §2', read: TokenValue.read }
/** RFC 3262 §7.2. */
export const rAck: HeaderField<RAck> = { name: 'RAck', section: 'RFC 3262 §7.2', read: RAck.read }
/**
 * Why: at most one value of each protocol (RFC 3326 §2).
 *
 * @example headers.read(reason).find(({ protocol }) => protocol === 'Q.850')?.cause
 */
export const reason: HeaderField<Reason> = { name: 'Reason', section: 'RFC 3326 §2', comma: true, read: Reason.read }
/** Packages the sender takes; an empty field takes none (RFC 6086 §7.3). */
export const recvInfo: HeaderField<TokenValue> = { name: 'Recv-Info', section: 'RFC 6086 §7.3', comma: true, read: TokenValue.read }
/** RFC 3891 §6.1. */
export const replaces: HeaderField<Replaces> = { name: 'Replaces', section: 'RFC 3891 §6.1', read: Replaces.read }
/** 1 to 2^32-1 (RFC 3262 §7.1). */
export const rSeq: HeaderField<number> = { name: 'RSeq', section: 'RFC 3262 §7.1', read: readCount }
/**
 * RFC 4028 §4.
 *
 * @example message.headers.read(sessionExpires)[0]?.refresher
 */
export const sessionExpires: HeaderField<SessionExpires> = { name: 'Session-Expires', section: 'RFC 4028 §4', read: SessionExpires.read }
/** RFC 7989 §5. */
export const sessionId: HeaderField<SessionId> = { name: 'Session-ID', section: 'RFC 7989 §5', read: SessionId.read }
/** RFC 4538 §7. */
export const targetDialog: HeaderField<TargetDialog> = { name: 'Target-Dialog', section: 'RFC 4538 §7', read: TargetDialog.read }
/** Data of the caller for the callee, with `purpose`, `content` and `encoding` (RFC 7433 §4.1). */
export const userToUser: HeaderField<TextValue> = { name: 'User-to-User', section: 'RFC 7433 §4.1', comma: true, read: TextValue.read }
