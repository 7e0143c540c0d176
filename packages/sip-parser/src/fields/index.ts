export type { HeaderField } from '../header-fields.js'
export { headerFields } from './header-field-list.js'
export { headerValue } from './header-value.js'
export type { TextField } from './header-value.js'
export { authorization, proxyAuthenticate, proxyAuthorization, wwwAuthenticate } from './authentication-fields.js'
export { contentType } from '../values/media-type.js'
export { contentDisposition, event } from '../values/token-value.js'
export {
  accept, acceptEncoding, acceptLanguage, alertInfo, allow, authenticationInfo, callId, callInfo, contact, contentEncoding, contentId, contentLanguage, contentLength,
  cseq, date, errorInfo, expires, from, inReplyTo, maxForwards, mimeVersion, minExpires, organization, priority, proxyRequire, recordRoute, replyTo, require, retryAfter,
  route, server, subject, supported, timestamp, to, unsupported, userAgent, via, warning,
} from './basic-fields.js'
export {
  answerMode, infoPackage, join, minSE, privAnswerMode, rAck, reason, recvInfo, replaces, rSeq, sessionExpires, sessionId, targetDialog, userToUser,
} from './dialog-fields.js'
export { allowEvents, referEventsAt, referredBy, referSub, referTo, sipETag, sipIfMatch, subscriptionState, suppressIfMatch } from './event-fields.js'
export { identity, identityInfo, pAssertedIdentity, pPreferredIdentity, privacy, securityClient, securityServer, securityVerify } from './identity-fields.js'
export {
  additionalIdentity, attestationInfo, cellularNetworkInfo, dcInfo, originationId, pAccessNetworkInfo, pAnswerState, pAssertedService, pAssociatedUri, pCalledPartyId,
  pChargeInfo, pChargingFunctionAddresses, pChargingVector, pDcsBillingInfo, pDcsLaes, pDcsOsps, pDcsRedirect, pDcsTracePartyId, pEarlyMedia, pMediaAuthorization,
  pPreferredService, pPrivateNetworkIndication, pProfileKey, pRefusedUriList, priorityShare, priorityVerstat, pServedUser, pUserDatabase, pVisitedNetworkId,
  relayedCharge, resourceShare, responseSource, restorationInfo, serviceInteractInfo,
} from './private-fields.js'
export {
  acceptContact, acceptResourcePriority, diversion, featureCaps, flowTimer, geolocation, geolocationError, geolocationRouting, historyInfo, maxBreadth, path,
  permissionMissing, policyContact, policyId, rejectContact, requestDisposition, resourcePriority, serviceRoute, triggerConsent,
} from './routing-fields.js'
export { AuthenticationInfo } from './authentication-info.js'
export { contactParameters, deviceParameters, featureTag, outboundContact, overloadControl } from './contact-parameters.js'
export type { ContactParameters, DeviceParameters, OverloadControl } from './contact-parameters.js'
export { ChargingVector } from './charging-vector.js'
export type { ChargingVectorParts } from './charging-vector.js'
export { Join, Replaces, TargetDialog } from './dialog-reference.js'
export { HistoryEntry } from './history-entry.js'
export type { HistoryEntryParts, HistoryTarget } from './history-entry.js'
export { Identity } from './identity.js'
export type { IdentityParts } from './identity.js'
export { NumberValue } from './number-value.js'
export { ParameterSet } from './parameter-set.js'
export { Privacy } from './privacy.js'
export { RAck } from './rack.js'
export { Reason } from './reason.js'
export type { ReasonParts } from './reason.js'
export { ResourceValue } from './resource-value.js'
export { RetryAfter } from './retry-after.js'
export type { RetryAfterParts } from './retry-after.js'
export { SecurityMechanism } from './security-mechanism.js'
export { SessionExpires } from './session-expires.js'
export { SessionId } from './session-id.js'
export { SipDate } from './sip-date.js'
export { SubscriptionState } from './subscription-state.js'
export type { SubscriptionStateParts } from './subscription-state.js'
export { TextValue } from './text-value.js'
export { Timestamp } from './timestamp.js'
export { UriValue } from './uri-value.js'
export { Warning } from './warning.js'
export { WordValue } from './word-value.js'
export { TokenValue } from '../values/token-value.js'
export { MediaType } from '../values/media-type.js'
