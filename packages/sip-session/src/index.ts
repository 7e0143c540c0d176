// For applications.
export { UserAgent } from './user-agent/user-agent.js'
export { serverList } from './user-agent/server-list.js'
export type { ListedServer, ServerList, ServerListOptions } from './user-agent/server-list.js'
export type { ServerSource } from './user-agent/server-address.js'
export type { ListenAddress, UserAgentOptions } from './user-agent/user-agent-options.js'
export type { RemoteParty } from './user-agent/remote-party.js'
export type { IncomingMessage } from './user-agent/text-message.js'
export type {
  MessageOutcome, RegisterOptions, StandaloneOptions, UserAgentEvents,
} from './user-agent/user-agent-types.js'
export type { ExtendedAgent, ExtendedCall, Extension, PlannedRequest } from './user-agent/extension.js'
export type { Announcement } from './user-agent/announcement.js'
export type { Transfer, TransferEvents, TransferOptions, TransferOutcome, TransferProgress } from './user-agent/transfer-types.js'
export type { NextAttempt, RefusedRequest } from './user-agent/refused-request.js'
export { reliableProvisional } from './extensions/reliable-provisional.js'
export type { ReliableProvisionalOptions } from './extensions/reliable-provisional.js'
export { sessionTimer } from './extensions/session-timer.js'
export type { SessionTimerOptions } from './extensions/session-timer.js'
export { redirects } from './extensions/redirects.js'
export type { Redirection, RedirectsOptions } from './extensions/redirects.js'
export type { Refusal } from './user-agent/request-inspection.js'
export { Call } from './user-agent/call.js'
export { transfers } from './transfer/transfers.js'
export type { ReferOptions, Transfers } from './transfer/transfers.js'
export type { CallReference, Referral, ReferralOptions, TransfersOptions } from './transfer/transfers-options.js'
export type {
  AnswerOptions, AnswerOutcome, CallEnd, CallEndCause, CallEvents, CallOptions, CallState, HangUpOptions, OperationOptions, OperationOutcome,
  RejectOptions, RingOptions,
} from './user-agent/call-types.js'
export type { Renegotiation } from './user-agent/hold-reconciler.js'
export type { DtmfOptions } from './user-agent/dtmf.js'
export { RegistrationError } from './registration/registration-types.js'
export type { Registration, RegistrationErrorCode, RegistrationState } from './registration/registration-types.js'
export { SessionError } from './errors.js'
export type { SessionErrorCode } from './errors.js'
export type {
  ExtraHeaders, IncomingAck, IncomingRequest, InviteOptions, OutgoingRequest, PeerCapabilities, RequestFailure, RequestOptions, RequestOutcome,
  ResponseOptions, Session, SessionDelegate, SessionState, SignalingState,
} from './session/session.js'
export type {
  Description, DescriptionWish, SessionDescriptionContext, SessionDescriptionHandler, SessionDescriptionHandlerFactory,
} from './session-description-handler.js'

// For those who build on the machines.
export { Dialog } from './dialog/dialog.js'
export type { DialogOrigin, DialogRequest } from './dialog/dialog.js'
export type { DialogSnapshot } from './dialog/dialog-snapshot.js'
export { routeRequest } from './dialog/route-set.js'
export type { RoutedRequest } from './dialog/route-set.js'
export { InviteUsage } from './session/invite-usage.js'
export type { AnswerInput, OpenRequest, UsageEffect, UsageEnd, UsageInput, UsageOrigin } from './session/usage-types.js'
export type { ExtendedUsage, UsageExtension, UsageSettings } from './session/usage-extension.js'
export { InviteClient } from './session/invite-client.js'
export type { InviteClientEffect, InviteClientInput } from './session/invite-client.js'
export { OfferAnswer } from './session/offer-answer.js'
export { Subscriber } from './subscription/subscriber.js'
export type { SubscriberEffect, SubscriberEnd, SubscriberInput, SubscriberOptions, SubscriberState } from './subscription/subscriber.js'
export { Notifier } from './subscription/notifier.js'
export type { NotificationBody, NotifierEffect, NotifierInput, NotifierOptions, NotifierState } from './subscription/notifier.js'
export { Binding } from './registration/registration.js'
export type { BindingEffect, BindingInput, BindingOptions } from './registration/registration.js'
