/** What can be seen from outside of a TLS connection: whether somebody waits for an answer on it. */
export interface OpenReview {
  readonly isOpen: boolean;
  /** The client has sent something. */
  asked(): void;
  /** The server has. */
  answered(): void;
}

/**
 * Follows one connection of a client that sends one request at a time. In doubt it says that somebody waits: in TLS 1.3 a
 * server answers the end of the handshake with tickets for sessions, which may come before or after the first request.
 */
export function openReview(): OpenReview {
  let isOpen = false;
  // Of the client: its hello, the end of the handshake, then a request each.
  let flights = 0;
  let answers = 0;
  return {
    get isOpen() {
      return isOpen;
    },
    asked() {
      if (flights === 0 || answers > 0) {
        flights++;
        answers = 0;
      }
      isOpen = true;
    },
    answered() {
      answers++;
      isOpen = flights < 2 || (flights === 2 && answers < 2);
    },
  };
}
