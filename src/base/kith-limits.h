/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Every limit of size, time and number in one place, with its unit in its name and the section of
 * docs/protocol.md that asks for it. */

/* 2: Identity */
#define KITH_LIMIT_CERTIFICATE_LIFETIME_S (90 * 24 * 3600)
#define KITH_LIMIT_CERTIFICATE_RENEWAL_S (60 * 24 * 3600)
#define KITH_LIMIT_CLOCK_TOLERANCE_S (48 * 3600)

/* 3: Before somebody is known */
#define KITH_LIMIT_FIRST_MESSAGE_MS 5000       /* preamble and msg1, from accept */
#define KITH_LIMIT_HANDSHAKE_MS 15000          /* all of it */
#define KITH_LIMIT_HANDSHAKE_BYTES 2048        /* inbound, in all */
#define KITH_LIMIT_HALF_OPEN 64                /* in all */
#define KITH_LIMIT_HALF_OPEN_PER_PREFIX 4      /* per IPv4 address or IPv6 /64 */
#define KITH_LIMIT_HANDSHAKES_PER_MINUTE 30    /* per prefix, token bucket */
#define KITH_LIMIT_PREFIXES 4096               /* remembered by the token buckets */
#define KITH_LIMIT_SILENT_CLOSE_MS 500         /* the longest random delay */
#define KITH_LIMIT_CONNECT_MS 10000            /* TCP */
#define KITH_LIMIT_DIAL_STAGGER_MS 250         /* between the endpoints of one contact */
#define KITH_LIMIT_DIAL_BACKOFF_MIN_MS 5000
#define KITH_LIMIT_DIAL_BACKOFF_MAX_MS 600000
#define KITH_LIMIT_DIAL_JITTER_PERCENT 30
#define KITH_LIMIT_KNOCK_UNIT_S 600
#define KITH_LIMIT_KNOCK_MEMORY_S (40 * 60)
#define KITH_LIMIT_KNOCK_TAGS 8192

/* 4: Frames, records, sessions */
#define KITH_LIMIT_FRAME_PLAINTEXT_BYTES 65519
#define KITH_LIMIT_RECORD_CHAT_BYTES (16 * 1024)
#define KITH_LIMIT_RECORD_CONTROL_BYTES (4 * 1024)
#define KITH_LIMIT_CHANNELS 64
#define KITH_LIMIT_REASSEMBLY_BYTES (1024 * 1024)
#define KITH_LIMIT_FRAME_COMPLETE_MS 30000
#define KITH_LIMIT_KEEPALIVE_MS 60000
#define KITH_LIMIT_KEEPALIVE_JITTER_MS 15000
#define KITH_LIMIT_KEEPALIVE_MISSED 3
#define KITH_LIMIT_QUEUED_PONGS 64             /* records that may wait before a PONG is left out */
#define KITH_LIMIT_OPEN_MS 10000
#define KITH_LIMIT_CLOSE_MS 2000               /* for a BYE to leave */
#define KITH_LIMIT_OUT_QUEUE_BYTES (1024 * 1024)
#define KITH_LIMIT_OUT_LOW_WATER_BYTES (256 * 1024)
#define KITH_LIMIT_DUPLICATE_YOUNG_MS 30000
#define KITH_LIMIT_DUPLICATE_PONG_MS 5000
#define KITH_LIMIT_NOT_CONTACT_DELAY_MS 200    /* constant, 4.1 */
#define KITH_LIMIT_SESSIONS 4096

/* 5: Rekey */
#define KITH_LIMIT_REKEY_S 120
#define KITH_LIMIT_REKEY_BYTES (256ull * 1024 * 1024)
#define KITH_LIMIT_REKEY_FRAMES (1ull << 20)
#define KITH_LIMIT_REKEY_ANSWER_MS 60000

/* 6: Contacts */
#define KITH_LIMIT_REQUEST_TEXT_CHARS 500
#define KITH_LIMIT_REQUESTS 32
#define KITH_LIMIT_REQUESTS_PER_PREFIX_HOUR 3
#define KITH_LIMIT_ENDPOINTS 8
#define KITH_LIMIT_INVITE_LIFETIME_S (30 * 24 * 3600)

/* 7: Discovery */
#define KITH_LIMIT_RENDEZVOUS_PAST_S (26 * 3600)
#define KITH_LIMIT_RENDEZVOUS_AHEAD_S (2 * 3600)

/* 8: Messages. A message with all its fields has to fit a chat record. */
#define KITH_LIMIT_MESSAGE_TEXT_BYTES (KITH_LIMIT_RECORD_CHAT_BYTES - 256)
#define KITH_LIMIT_HLC_AHEAD_MS (10 * 60 * 1000)
#define KITH_LIMIT_ACK_IDS 128

/* 12: Text */
#define KITH_LIMIT_NAME_BYTES 64
#define KITH_LIMIT_NAME_CLUSTERS 32
#define KITH_LIMIT_NAME_MARKS 8                /* combining marks per cluster */

/* 13: At rest */
#define KITH_LIMIT_PASSPHRASE_BYTES 1024
#define KITH_LIMIT_VAULT_OPSLIMIT 10
#define KITH_LIMIT_VAULT_MEMLIMIT_BYTES (2ull * 1024 * 1024 * 1024)
#define KITH_LIMIT_WRONG_PASSPHRASES 3
#define KITH_LIMIT_PASSPHRASE_PAUSE_S 60
#define KITH_LIMIT_STORE_BATCHES_PER_COMMIT 100
#define KITH_LIMIT_STORE_QUEUE 4096            /* messages to one contact on their way to the store */
#define KITH_LIMIT_SEARCH_TEXT_BYTES 256
#define KITH_LIMIT_NOTE_BYTES 1024
#define KITH_LIMIT_DRAFT_BYTES (64 * 1024)
#define KITH_LIMIT_SETTING_BYTES 4096

/* The model */
#define KITH_LIMIT_PAGE_MESSAGES 100           /* loaded at once when a view asks for more */
#define KITH_LIMIT_WINDOW_MESSAGES 2000        /* in a message list */

/* The window: pictures that may have a QR code in them */
#define KITH_LIMIT_PICTURE_BYTES (20 * 1024 * 1024)
#define KITH_LIMIT_PICTURE_PIXELS (40 * 1000 * 1000)
#define KITH_LIMIT_PICTURE_SIDE_PIXELS 2000    /* scaled down to that before it is looked at */
#define KITH_LIMIT_PICTURE_CODES 16            /* looked at in one picture */

/* The node */
#define KITH_LIMIT_SHUTDOWN_MS 2000
#define KITH_DEFAULT_PORT 5484
