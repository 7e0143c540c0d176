/** Names of the rules about whole messages that `validateMessage` checks. They do not change. */
export type RuleCode =
  | 'missing-header' | 'recommended-header' | 'misplaced-header' | 'forbidden-header' | 'repeated-header'
  | 'cseq-method' | 'no-max-forwards' | 'max-forwards-range' | 'via-branch' | 'via-loop' | 'via-protocol' | 'via-received' | 'cancel-via'
  | 'from-tag' | 'to-tag' | 'dialog-tag' | 'dialogless-tag'
  | 'contact-count' | 'contact-wildcard' | 'contact-scheme' | 'private-contact' | 'redirect-contact' | 'instance-id'
  | 'sips-contact' | 'sips-record-route' | 'sips-transport' | 'transport-tls' | 'uri-component' | 'register-uri'
  | 'record-route-lr' | 'route-lr'
  | 'digest-parameters' | 'extension-required' | 'unsupported-media'
  | 'unknown-option-tag' | 'deprecated-header' | 'sdp-disposition'
  | 'reliable-rseq' | 'reliable-require' | 'reliable-100'
  | 'replaces-and-join' | 'dialog-reference' | 'session-interval' | 'session-refresher' | 'session-require'
  | 'privacy-values' | 'asserted-identity' | 'identity-date' | 'subscription-state'
