export type {
  Description,
  DescriptionWish,
  SessionDescriptionContext,
  SessionDescriptionHandler,
  SessionDescriptionHandlerFactory,
} from './session-description-handler.js'
