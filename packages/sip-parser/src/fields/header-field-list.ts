import type { HeaderField } from '../header-fields.js'
import { authorization, proxyAuthenticate, proxyAuthorization, wwwAuthenticate } from './authentication-fields.js'
import { contentType } from '../values/media-type.js'
import { contentDisposition, event } from '../values/token-value.js'
import {
  accept, acceptEncoding, acceptLanguage, alertInfo, allow, authenticationInfo, callId, callInfo, contact, contentEncoding, contentId, contentLanguage, contentLength,
  cseq, date, errorInfo, expires, from, inReplyTo, maxForwards, mimeVersion, minExpires, organization, priority, proxyRequire, recordRoute, replyTo, require, retryAfter,
  route, server, subject, supported, timestamp, to, unsupported, userAgent, via, warning,
} from './basic-fields.js'
import {
  answerMode, infoPackage, join, minSE, privAnswerMode, rAck, reason, recvInfo, replaces, rSeq, sessionExpires, sessionId, targetDialog, userToUser,
} from './dialog-fields.js'
import { allowEvents, referEventsAt, referredBy, referSub, referTo, sipETag, sipIfMatch, subscriptionState, suppressIfMatch } from './event-fields.js'
import { identity, identityInfo, pAssertedIdentity, pPreferredIdentity, privacy, securityClient, securityServer, securityVerify } from './identity-fields.js'
import {
  additionalIdentity, attestationInfo, cellularNetworkInfo, dcInfo, originationId, pAccessNetworkInfo, pAnswerState, pAssertedService, pAssociatedUri, pCalledPartyId,
  pChargeInfo, pChargingFunctionAddresses, pChargingVector, pDcsBillingInfo, pDcsLaes, pDcsOsps, pDcsRedirect, pDcsTracePartyId, pEarlyMedia, pMediaAuthorization,
  pPreferredService, pPrivateNetworkIndication, pProfileKey, pRefusedUriList, priorityShare, priorityVerstat, pServedUser, pUserDatabase, pVisitedNetworkId,
  relayedCharge, resourceShare, responseSource, restorationInfo, serviceInteractInfo,
} from './private-fields.js'
import {
  acceptContact, acceptResourcePriority, diversion, featureCaps, flowTimer, geolocation, geolocationError, geolocationRouting, historyInfo, maxBreadth, path,
  permissionMissing, policyContact, policyId, rejectContact, requestDisposition, resourcePriority, serviceRoute, triggerConsent,
} from './routing-fields.js'

/** Every header field of the IANA registry that is not withdrawn, and Diversion; by name. Unknown ones are read as text by `HeaderFields.get`. */
export const headerFields: readonly HeaderField<unknown>[] = [
  accept, acceptContact, acceptEncoding, acceptLanguage, acceptResourcePriority, additionalIdentity, alertInfo, allow, allowEvents, answerMode, attestationInfo,
  authenticationInfo, authorization, callId, callInfo, cellularNetworkInfo, contact, contentDisposition, contentEncoding, contentId, contentLanguage, contentLength,
  contentType, cseq, date, dcInfo, diversion, errorInfo, event, expires, featureCaps, flowTimer, from, geolocation, geolocationError, geolocationRouting, historyInfo,
  identity, identityInfo, inReplyTo, infoPackage, join, maxBreadth, maxForwards, mimeVersion, minExpires, minSE, organization, originationId, pAccessNetworkInfo,
  pAnswerState, pAssertedIdentity, pAssertedService, pAssociatedUri, pCalledPartyId, pChargeInfo, pChargingFunctionAddresses, pChargingVector, pDcsBillingInfo, pDcsLaes,
  pDcsOsps, pDcsRedirect, pDcsTracePartyId, pEarlyMedia, pMediaAuthorization, pPreferredIdentity, pPreferredService, pPrivateNetworkIndication, pProfileKey,
  pRefusedUriList, pServedUser, pUserDatabase, pVisitedNetworkId, path, permissionMissing, policyContact, policyId, priority, priorityShare, priorityVerstat,
  privAnswerMode, privacy, proxyAuthenticate, proxyAuthorization, proxyRequire, rAck, reason, recordRoute, recvInfo, referEventsAt, referSub, referTo, referredBy,
  rejectContact, relayedCharge, replaces, replyTo, requestDisposition, require, resourcePriority, resourceShare, responseSource, restorationInfo, retryAfter, route, rSeq,
  securityClient, securityServer, securityVerify, server, serviceInteractInfo, serviceRoute, sessionExpires, sessionId, sipETag, sipIfMatch, subject, subscriptionState,
  supported, suppressIfMatch, targetDialog, timestamp, to, triggerConsent, unsupported, userAgent, userToUser, via, warning, wwwAuthenticate,
]
