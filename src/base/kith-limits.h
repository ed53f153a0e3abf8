/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Every limit of size, time and number in one place, with its unit in its name and the section of
 * docs/protocol.md that asks for it. */

/* 2: Identity */
#define KITH_LIMIT_CERTIFICATE_LIFETIME_S (90 * 24 * 3600)
#define KITH_LIMIT_CERTIFICATE_RENEWAL_S (60 * 24 * 3600)
#define KITH_LIMIT_CLOCK_TOLERANCE_S (48 * 3600)
#define KITH_LIMIT_DEVICES 8                   /* of one person that are remembered */

/* 2.1: Verification by words */
#define KITH_LIMIT_SAS_ANSWER_MS 60000         /* for them to agree, and for each record */
#define KITH_LIMIT_SAS_COMPARE_MS 180000       /* for the users to read the words to each other */
#define KITH_LIMIT_SAS_ASKS 5                  /* of one contact ... */
#define KITH_LIMIT_SAS_ASKS_MS 60000           /* ... in this time that our user is told of */
#define KITH_LIMIT_SAS_FAILURES 3              /* of one contact ... */
#define KITH_LIMIT_SAS_FAILURES_MS (24 * 3600 * 1000) /* ... in this time from the first */

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

/* 3.3: The passphrase of those who join by address */
#define KITH_LIMIT_JOIN_PASSPHRASE_CHARS 8     /* at least */
#define KITH_LIMIT_JOIN_PASSPHRASE_BYTES 256   /* at most, in NFC */
#define KITH_LIMIT_JOIN_WORDS 4                /* of a generated one: 44 bits */
#define KITH_LIMIT_JOIN_FAILURES 3             /* of one prefix, then it is refused ... */
#define KITH_LIMIT_JOIN_PAUSE_S 60             /* ... and twice as long each time ... */
#define KITH_LIMIT_JOIN_PAUSE_MAX_S 3600       /* ... up to this */
#define KITH_LIMIT_JOIN_MEMORY_S (24 * 3600)   /* after which a prefix starts anew */
#define KITH_LIMIT_JOIN_FAILURES_IN_ALL 20     /* token bucket of all prefixes together ... */
#define KITH_LIMIT_JOIN_REFILL_S 60            /* ... one more in this time */

/* 4: Frames, records, sessions */
#define KITH_LIMIT_FRAME_PLAINTEXT_BYTES 65519
#define KITH_LIMIT_RECORD_CHAT_BYTES (16 * 1024)
#define KITH_LIMIT_RECORD_CONTROL_BYTES (4 * 1024)
#define KITH_LIMIT_RECORD_FILE_BYTES (66 * 1024) /* a piece of a file and what stands before it */
#define KITH_LIMIT_CHANNELS 64
#define KITH_LIMIT_REASSEMBLY_BYTES (1024 * 1024)
#define KITH_LIMIT_FRAME_COMPLETE_MS 30000
#define KITH_LIMIT_KEEPALIVE_MS 60000
#define KITH_LIMIT_KEEPALIVE_JITTER_MS 15000
#define KITH_LIMIT_KEEPALIVE_MISSED 3
#define KITH_LIMIT_QUEUED_PONGS 64             /* records that may wait before a PONG is left out */
#define KITH_LIMIT_OPEN_MS 10000
#define KITH_LIMIT_CLOSE_MS 2000               /* for a BYE to leave */
#define KITH_LIMIT_UNSENT_BYTES (128 * 1024)   /* that the system keeps of one connection */
#define KITH_LIMIT_OUT_QUEUE_BYTES (1024 * 1024)
#define KITH_LIMIT_OUT_LOW_WATER_BYTES (256 * 1024)
#define KITH_LIMIT_DUPLICATE_YOUNG_MS 30000
#define KITH_LIMIT_DUPLICATE_PONG_MS 5000
#define KITH_LIMIT_NOT_CONTACT_DELAY_MS 200    /* constant, 4.1 */
#define KITH_LIMIT_SESSIONS 4096
#define KITH_LIMIT_SESSIONS_OF_ONE 4           /* identity, with all its devices; the oldest goes */
#define KITH_LIMIT_SESSIONS_BEGUN 128          /* by others, and not open: likewise */
#define KITH_LIMIT_NEWS_BURST 8                /* looks at what one says of themselves in a session ... */
#define KITH_LIMIT_NEWS_REFILL_MS 10000        /* ... one more in this time */

/* 5: Rekey */
#define KITH_LIMIT_REKEY_S 120
#define KITH_LIMIT_REKEY_BYTES (256ull * 1024 * 1024)
#define KITH_LIMIT_REKEY_FRAMES (1ull << 20)
#define KITH_LIMIT_REKEY_ANSWER_MS 60000
#define KITH_LIMIT_REKEYS_BURST 256            /* that the other side has begun or asked for ... */
#define KITH_LIMIT_REKEYS_REFILL_MS 100        /* ... one more in this time */

/* 6: Contacts */
#define KITH_LIMIT_REQUEST_TEXT_CHARS 500
#define KITH_LIMIT_REQUESTS 32
#define KITH_LIMIT_REQUESTS_PER_PREFIX_HOUR 3
#define KITH_LIMIT_ENDPOINTS 8
#define KITH_LIMIT_INVITE_LIFETIME_S (30 * 24 * 3600)
#define KITH_LIMIT_INVITES 50                  /* live ones of ours */
#define KITH_LIMIT_INVITES_KEPT 200            /* with those that are over */
#define KITH_LIMIT_INVITE_KEPT_S (7 * 24 * 3600) /* after it is over */
#define KITH_LIMIT_INVITE_NOTE_BYTES 256
#define KITH_LIMIT_LINK_BYTES 1024
#define KITH_LIMIT_JOIN_MS 30000

/* 7: Discovery */
#define KITH_LIMIT_LOWEST_PORT 1024            /* below it are services that have nothing to do with us */
#define KITH_LIMIT_RENDEZVOUS_PAST_S (26 * 3600)
#define KITH_LIMIT_RENDEZVOUS_AHEAD_S (2 * 3600)
#define KITH_LIMIT_BEACON_TAGS 128             /* in one datagram; 7.6 */
#define KITH_LIMIT_BEACON_DATAGRAMS 8          /* in one announcement on one link */
#define KITH_LIMIT_BEACONS_PER_S 64            /* that are looked at, in all */
#define KITH_LIMIT_BEACONS_PER_SOURCE_S 4      /* in a second, from one address */
#define KITH_LIMIT_BEACON_SOURCES 256          /* remembered by the token buckets */
#define KITH_LIMIT_BEACONS_PER_TURN 64         /* read from one link before it rests */
#define KITH_LIMIT_BEACON_REST_MS 100
#define KITH_LIMIT_BEACON_OWN 256              /* nonces of ours that are remembered */
#define KITH_LIMIT_LAN_LINKS 32                /* an interface counts for IPv4 and for IPv6 */
#define KITH_LIMIT_LAN_PREFIXES 16             /* of one interface */
#define KITH_LIMIT_LAN_INTERVAL_MS 60000
#define KITH_LIMIT_LAN_JITTER_MS 15000
#define KITH_LIMIT_LAN_SETTLE_MS 250           /* changes that come together are announced once */
#define KITH_LIMIT_LAN_ANSWER_MS 500           /* the longest random delay of an answer */
#define KITH_LIMIT_LAN_ANSWER_GAP_MS 2000      /* between an answer and what was sent before */

/* 7: The DHT */
#define KITH_LIMIT_RENDEZVOUS_EDGE_S (2 * 3600) /* around the change of an epoch both are used: clocks differ */
#define KITH_LIMIT_DHT_VALUE_BYTES 512         /* bigger ones are dropped as they come */
#define KITH_LIMIT_DHT_WAITING_VALUES 64       /* per operation, on their way to the main loop */
#define KITH_LIMIT_DHT_EVENTS_PER_TURN 16      /* of the main loop */
#define KITH_LIMIT_DHT_GET_MS 30000
#define KITH_LIMIT_DHT_BURST_OPERATIONS 64     /* begun at once; then one each ... */
#define KITH_LIMIT_DHT_PACE_MS 50
#define KITH_LIMIT_DHT_STOP_MS 3000
#define KITH_LIMIT_DHT_KNOWN_NODES 128         /* addresses to find the way in with */
#define KITH_LIMIT_DHT_SAVED_NODES 64
#define KITH_LIMIT_DHT_STATE_BYTES (1024 * 1024)
#define KITH_LIMIT_DHT_PINGS 16                /* in one round */
#define KITH_LIMIT_DHT_ROUND_MS 3000           /* between rounds, while there are untried nodes */
#define KITH_LIMIT_DHT_BACKOFF_MIN_MS 10000
#define KITH_LIMIT_DHT_BACKOFF_MAX_MS 300000
#define KITH_LIMIT_DHT_PROBE_MS 240000         /* while connected: are we still? */
#define KITH_LIMIT_DHT_PROBE_SOON_MS 5000      /* ... after an operation failed */
#define KITH_LIMIT_DHT_FIRST_RENEWAL_S 300     /* a quiet restart, to learn which nodes are good */
#define KITH_LIMIT_DHT_RENEWAL_S (6 * 3600)
#define KITH_LIMIT_DHT_DESCRIPTOR 960          /* the library uses select(): stay below 1024 */
#define KITH_LIMIT_DHT_PUBLIC_ADDRESSES 8
#define KITH_LIMIT_DHT_BOOTSTRAP_HOSTS 8
#define KITH_LIMIT_HOST_BYTES 253              /* of a name, RFC 1035 */
#define KITH_LIMIT_PORT_MAP_LEASE_S 3600       /* for which a router is asked to map */
#define KITH_LIMIT_PORT_MAP_SEARCH_MS 5000     /* for a router to answer */
#define KITH_LIMIT_PORT_MAP_AGAIN_MS 600000    /* before a mapping is renewed or a router sought */
#define KITH_LIMIT_PORT_MAP_REMOVE_MS 1500
#define KITH_LIMIT_PORT_MAP_PORTS 4            /* external ports that are tried */
#define KITH_LIMIT_PORT_MAP_ROUTERS 4          /* services of routers that are looked at */
#define KITH_LIMIT_PORT_MAP_PINHOLES 4         /* own IPv6 addresses to be let in to */
#define KITH_LIMIT_PCP_RETRY_MIN_MS 3000       /* RFC 6887, 8.1.1 */
#define KITH_LIMIT_PCP_RETRY_MAX_MS 1024000
#define KITH_LIMIT_PCP_RENEW_MIN_MS 4000       /* however short a lifetime is */
#define KITH_LIMIT_PCP_LIFETIME_S (24 * 3600)  /* however long it is */
#define KITH_LIMIT_PCP_HEAD_START_MS 250       /* before the same router is asked by NAT-PMP */
#define KITH_LIMIT_RENDEZVOUS_ABSENT_S (30 * 24 * 3600) /* not seen for longer: not looked for */
#define KITH_LIMIT_OLD_ROOT_S (60 * 24 * 3600)
#define KITH_LIMIT_DHT_OPERATION_MS 100        /* between two operations, on average */
#define KITH_LIMIT_DHT_LISTENS 3               /* absent contacts that are listened for: 4 MB a day each */
#define KITH_LIMIT_DHT_PUBLISHED 9             /* for whom our value is kept all the time: the same */
#define KITH_LIMIT_DHT_TURN_SHORTEST_S 1800    /* all others in turns of 27 kB, at most this often ... */
#define KITH_LIMIT_DHT_TURN_LONGEST_S (8 * 3600)
#define KITH_LIMIT_DHT_TURN_SHARE_S 58         /* ... and this much less often for each of them */
#define KITH_LIMIT_DHT_TURN_S 480              /* before the DHT refreshes the value */
#define KITH_LIMIT_DHT_LOOK_AGAIN_S 1800       /* between looks for those in turns, but for their turns */
#define KITH_LIMIT_DHT_LOOK_MAX_MINUTES 60
#define KITH_LIMIT_DHT_TRIES_PER_GET 4096      /* values that are tried to be opened */
#define KITH_LIMIT_DHT_TRIES_PER_MINUTE 16384
#define KITH_LIMIT_DHT_DIALS_PER_VALUE 4
/* Values for one invite of ours that wait to be dialled; those that are told from new ones. */
#define KITH_LIMIT_INVITE_VALUES 4
#define KITH_LIMIT_MEETING_SEEN 32
#define KITH_LIMIT_LAN_ENDPOINTS 4             /* of one contact */
#define KITH_LIMIT_LAN_SILENT_MS 150000        /* after that they are not nearby any more */
#define KITH_LIMIT_NEARBY 64                   /* strangers who present themselves */
#define KITH_LIMIT_DIAL_NEWS 3                 /* dials for the sake of a new address ... */
#define KITH_LIMIT_DIAL_AGAIN_MS 5000          /* ... in this time, of one contact */
#define KITH_LIMIT_DIAL_TRIES 24               /* remembered of each contact, for the doctor */
#define KITH_LIMIT_SESSION_ENDS 8              /* remembered of each contact, for the doctor */
#define KITH_LIMIT_DIAL_BACK_MS 12000
#define KITH_LIMIT_DIAL_BACK_PAUSE_MS 30000    /* between two of one contact */
#define KITH_LIMIT_ENDPOINTS_SETTLE_MS 300     /* before a change of address is told */
#define KITH_LIMIT_NETWORK_SETTLE_MS 1000      /* after a change of network, for the next to come */
#define KITH_LIMIT_NETWORK_PROBE_MS 8000       /* silent for so long after a change: the session is dead */
#define KITH_LIMIT_CLOCK_CHECK_MS 30000        /* a jump of the clock tells that the machine slept */
#define KITH_LIMIT_CLOCK_STEP_S 30             /* more than that is no drift */
#define KITH_LIMIT_CLOCK_WRONG_S (2 * 3600)
#define KITH_LIMIT_CLOCK_CONTACTS 3            /* who have to say so, at least */
#define KITH_LIMIT_CLOCK_SAMPLES 32            /* the last people who said what time it is */
#define KITH_LIMIT_CLOCK_LATEST_S ((guint64) 1 << 33) /* the year 2242 */

/* 8: Messages. A message with all its fields has to fit a chat record. */
#define KITH_LIMIT_MESSAGE_TEXT_BYTES (KITH_LIMIT_RECORD_CHAT_BYTES - 256)
/* Received messages, receipts for what they have read, and what they said in groups, on its way to the store: above this
 * we stop reading. */
#define KITH_LIMIT_COMMITTING 256
#define KITH_LIMIT_HLC_AHEAD_MS (10 * 60 * 1000)
#define KITH_LIMIT_ACK_IDS 128
#define KITH_LIMIT_REACTION_BYTES 32           /* one cluster */
#define KITH_LIMIT_QUOTE_CHARS 200             /* shown of the message that is answered */
#define KITH_LIMIT_MESSAGE_REFUSALS 3          /* sessions in a row that end over one message */
#define KITH_LIMIT_TTL_MIN_S 30
#define KITH_LIMIT_TTL_MAX_S (28 * 24 * 3600)
#define KITH_LIMIT_EXPIRY_DOUBT_MS 3600000     /* after the clock was set ahead, until it is believed */
#define KITH_LIMIT_EXPIRY_CHECK_MS 3600000     /* timers that are due later are looked at again then */
#define KITH_LIMIT_RESEND_MESSAGES 1000        /* in one request */
#define KITH_LIMIT_RESEND_LOOK_BACK 10000      /* messages of ours that are looked through for one */
#define KITH_LIMIT_MISSING_LINES 64            /* of one conversation */
#define KITH_LIMIT_MISSING_NUMBERS 100000      /* that one line stands for */
#define KITH_LIMIT_RESENDS_PER_SESSION 16      /* that are asked, and that are answered */

/* 8: Broadcasts */
#define KITH_LIMIT_BROADCAST_RECIPIENTS 1000
#define KITH_LIMIT_BROADCASTS_SHOWN 100        /* the newest; the others stay stored */

/* 8.1: Presence */
#define KITH_LIMIT_TYPING_GAP_MS 3000          /* between two that say the same */
#define KITH_LIMIT_TYPING_SHOWN_MS 6000
#define KITH_LIMIT_TYPING_BURST 8              /* at once; what is more says nothing */
#define KITH_LIMIT_TYPING_REFILL_MS 500

/* 10: Groups */
#define KITH_LIMIT_RECORD_GROUP_BYTES (128 * 1024) /* operations, vectors, entries */
#define KITH_LIMIT_GROUP_INVITATION_BYTES 512
#define KITH_LIMIT_GROUPS 512                  /* of ours, with those we were invited to */
#define KITH_LIMIT_GROUP_INVITATIONS 64        /* to groups that we have not answered */
#define KITH_LIMIT_GROUP_TOKENS 256            /* invitations of one group that were not used yet */
#define KITH_LIMIT_GROUP_HEADERS_AT_ONCE 1000  /* read at the start */
#define KITH_LIMIT_GROUP_SHOWN_AT_ONCE 200     /* entries that are shown later than they were stored */
#define KITH_LIMIT_GROUP_AWAITED 2000          /* messages of ours whose receipts are watched */
#define KITH_LIMIT_GROUP_MISSING_AUTHORS 64    /* of whom it is shown that something is missing */
#define KITH_LIMIT_GROUP_CAP 1000              /* members, unless the policy says less */
#define KITH_LIMIT_GROUP_MEMBERS 1000          /* whatever the policy says: CLAIM has room for half */
#define KITH_LIMIT_GROUP_AUTHORS 16384         /* who ever were members */
#define KITH_LIMIT_GROUP_OP_BODY_BYTES 60000
#define KITH_LIMIT_GROUP_OPS 65536             /* of one group */
#define KITH_LIMIT_GROUP_OP_SMALL_BYTES 2048   /* a body without endorsements */
#define KITH_LIMIT_GROUP_PATH_BYTES (32 * 1024 * 1024) /* of operations, one after the other ... */
#define KITH_LIMIT_GROUP_OPS_BYTES (64 * 1024 * 1024) /* ... and with all that contradict them */
#define KITH_LIMIT_GROUP_OPS_PENDING 256       /* whose parent has not come yet */
#define KITH_LIMIT_GROUP_OPS_PENDING_PER_LINK 64 /* ... of those, brought by one peer */
#define KITH_LIMIT_GROUP_BAD_OPS_BURST 1024    /* operations of one peer that are worth nothing ... */
#define KITH_LIMIT_GROUP_BAD_OPS_REFILL_MS 100 /* ... one more in this time */
#define KITH_LIMIT_GROUP_FORGED_BURST 16       /* wrong signatures from one peer, at once ... */
#define KITH_LIMIT_GROUP_FORGED_REFILL_MS 10000 /* ... one more in this time */
#define KITH_LIMIT_GROUP_PROOFS_BURST 256      /* of forks, that one peer brings and are news; what is more is skipped ... */
#define KITH_LIMIT_GROUP_PROOFS_REFILL_MS 100  /* ... one more in this time */
#define KITH_LIMIT_GROUP_SIBLINGS 8            /* operations on one parent that are kept */
#define KITH_LIMIT_GROUP_CHECKPOINT_OPS 256    /* between two */
#define KITH_LIMIT_GROUP_PIN_MS (24 * 3600 * 1000) /* an operation that stood so long stays */
#define KITH_LIMIT_GROUP_VANISH_DAYS 14        /* unless the policy says otherwise ... */
#define KITH_LIMIT_GROUP_VANISH_MIN_DAYS 2     /* ... which it may down to this: longer than a pin takes */
#define KITH_LIMIT_GROUP_HEARTBEAT_MS (7 * 24 * 3600 * 1000)
#define KITH_LIMIT_GROUP_AWAY_MS (10 * 60 * 1000) /* an admin who was gone waits for others */
#define KITH_LIMIT_GROUP_CONSENT_MS (10 * 60 * 1000) /* for which a yes holds, on whatever head */
#define KITH_LIMIT_GROUP_OFFERS 4              /* of the admin's office, should the head move before the answer */
#define KITH_LIMIT_GROUP_CONTENT_BYTES (16 * 1024)
#define KITH_LIMIT_GROUP_TEXT_BYTES (KITH_LIMIT_GROUP_CONTENT_BYTES - 256)
#define KITH_LIMIT_GROUP_SEQ (1ull << 18)      /* the highest number of an entry: then a new log */
#define KITH_LIMIT_GROUP_BURST 60              /* entries of one author at once ... */
#define KITH_LIMIT_GROUP_ENTRY_MS 500          /* ... then one each */
#define KITH_LIMIT_GROUP_AUTHOR_BYTES (64 * 1024 * 1024) /* of content that is kept */
#define KITH_LIMIT_GROUP_ARRIVED_BYTES (24 * 1024 * 1024) /* of entries of one author at once ... */
#define KITH_LIMIT_GROUP_ARRIVED_BYTES_PER_MS 64 /* ... then so much: 64 kB a second */
#define KITH_LIMIT_GROUP_AHEAD_MS (10 * 60 * 1000) /* quarantine, until it is due */
#define KITH_LIMIT_GROUP_LATE_MS (10 * 60 * 1000) /* "arrived late" */
#define KITH_LIMIT_GROUP_PENDING 1000          /* of one author: what has to come before has not */
#define KITH_LIMIT_GROUP_PENDING_BYTES (8 * 1024 * 1024) /* in all */
#define KITH_LIMIT_GROUP_LOAD_ENTRIES 16       /* read and sent at once: checked in one turn of the loop */
#define KITH_LIMIT_GROUP_LOAD_BYTES (64 * 1024) /* of a record with entries */
#define KITH_LIMIT_GROUP_LINK_BYTES (256 * 1024) /* on their way on one link */
#define KITH_LIMIT_GROUP_UNSENT_BYTES (32 * 1024 * 1024) /* that one link has no room for: then it is cut */
#define KITH_LIMIT_GROUP_PUSH_BYTES 2048       /* a bigger entry is announced, not pushed */
#define KITH_LIMIT_GROUP_HELLO_BURST 4         /* that are answered at once ... */
#define KITH_LIMIT_GROUP_HELLO_MS 5000         /* ... in this time */
#define KITH_LIMIT_GROUP_BACKS 32              /* logs that are fetched backwards at a time ... */
#define KITH_LIMIT_GROUP_GRAFTS 8              /* ... of those, in place of a wrong branch ... */
#define KITH_LIMIT_GROUP_GRAFT_ENTRIES 16384   /* ... of each, that are held until they fit ... */
#define KITH_LIMIT_GROUP_GRAFT_BYTES (1024 * 1024) /* ... of each, content that is held until it fits */
#define KITH_LIMIT_GROUP_UNKNOWN_AUTHORS 64    /* who are no members yet, and have entries that wait */
#define KITH_LIMIT_GROUP_REKEY_MS (10 * 60 * 1000) /* between two new keys of one member */
#define KITH_LIMIT_GROUP_WANT_MS 30000         /* for an answer, then another link is asked */
#define KITH_LIMIT_GROUP_WANT_RANGES 128       /* in one record */
#define KITH_LIMIT_GROUP_SERVED_RANGES 1024    /* that wait for one peer: more is skipped */
#define KITH_LIMIT_GROUP_ASKED_LOGS 512        /* of one peer, that they have not brought ... */
#define KITH_LIMIT_GROUP_ASKED_CONTENTS 8      /* ... and logs of which contents are asked for, up to 32 each */
#define KITH_LIMIT_GROUP_LOOK_BACK 64          /* entries that are looked at for a fork at once */
#define KITH_LIMIT_GROUP_HOLLOW 32             /* contents of one author that a peer is asked for at once */
#define KITH_LIMIT_GROUP_ASK_TURNS 16          /* logs that may find no room before the others wait on, too */
#define KITH_LIMIT_GROUP_ANNOUNCE_MS 200       /* between two announcements on one link */
#define KITH_LIMIT_GROUP_LAZY_MS 1000          /* before one, to who gets things from others first */
#define KITH_LIMIT_GROUP_VECTOR_ROWS 1000      /* in one record */
#define KITH_LIMIT_GROUP_LOCATOR 32            /* operations that HELLO names */
#define KITH_LIMIT_GROUP_LINKS 12              /* that the overlay wants */
#define KITH_LIMIT_GROUP_MESH 8                /* members up to which everybody is linked with all */
#define KITH_LIMIT_GROUP_WIDEN_MS 30000        /* for a wanted link, then its neighbour is wanted too */
#define KITH_LIMIT_GROUP_REQUESTS 32           /* join requests that are kept */
#define KITH_LIMIT_GROUP_BROUGHT 256           /* of whom we remember that they asked through us */
#define KITH_LIMIT_GROUP_DENIED 1024           /* who are remembered as turned down */
#define KITH_LIMIT_GROUP_REQUESTS_PER_LINK 8   /* brought by one peer while it is linked */
#define KITH_LIMIT_GROUP_REQUEST_REFILL_MS 10000 /* a member may bring one more in this time */
#define KITH_LIMIT_GROUP_REQUEST_MS (14ll * 24 * 3600 * 1000) /* then it is forgotten */
#define KITH_LIMIT_GROUP_STATUS_MS 10000       /* between two of ours */
#define KITH_LIMIT_GROUP_RECEIPTS_MS 250       /* between two looks at what they say of ours */
#define KITH_LIMIT_GROUP_STATUS_ROWS 64
#define KITH_LIMIT_GROUP_STATUS_AGE_MS (7 * 24 * 3600 * 1000) /* of an author's last entry */
#define KITH_LIMIT_GROUP_STATUS_RELAY 64       /* members up to which statuses are handed on */
#define KITH_LIMIT_GROUP_PICTURE_BYTES (12 * 1024) /* of a group, as members hand it on */
#define KITH_LIMIT_GROUP_PICTURE_PIXELS 192    /* each way, as it is made */
#define KITH_LIMIT_GROUP_PICTURE_WAIT_MS 10000 /* for it, then another link is asked too */
#define KITH_LIMIT_GROUP_MISSING_MS 10000      /* before a gap is told */

/* 10.4: Links between members of groups */
#define KITH_LIMIT_GROUPS_SHARED 64            /* of two people, that are linked at a time */
#define KITH_LIMIT_GROUP_SHARED_BURST 32       /* changes of that in a session, token bucket ... */
#define KITH_LIMIT_GROUP_SHARED_REFILL_MS 5000 /* ... one more in this time */
#define KITH_LIMIT_GROUP_SHARED_SAID_BURST 24  /* that we say at once: fewer than they take */
#define KITH_LIMIT_GROUP_SHARED_GATHER_MS 250  /* between two of ours */
#define KITH_LIMIT_GROUP_REFUSED_FAILURES 4    /* who does not know us as a member is dialled in 80 s again */
#define KITH_LIMIT_GROUP_UNWANTED_MS 60000     /* a session of ours that no group wants is kept so long */
#define KITH_LIMIT_GROUP_UNWANTED_SESSIONS 64  /* of co-members with whom we do not want to be linked */
#define KITH_LIMIT_GROUP_FORMER_MS (24 * 3600 * 1000) /* that the secret before is good for */
#define KITH_LIMIT_GROUP_KNOCKS_BURST 64       /* knocks in vain, of all who knock ... */
#define KITH_LIMIT_GROUP_KNOCKS_REFILL_MS 100  /* ... one more in this time */
#define KITH_LIMIT_GROUP_NOTES 64              /* of members' addresses, in one record */
#define KITH_LIMIT_GROUP_NOTE_ENDPOINTS 4
#define KITH_LIMIT_GROUP_EARLY_NOTES 128       /* kept of a group, of authors not known yet */
#define KITH_LIMIT_GROUP_NOTE_AGE_S (2 * 24 * 3600)
#define KITH_LIMIT_GROUP_NOTE_AHEAD_S 600
#define KITH_LIMIT_GROUP_NOTE_RENEWAL_S (6 * 3600)
#define KITH_LIMIT_GROUP_NOTES_OF_ONE 6        /* of one member that are taken and passed on ... */
#define KITH_LIMIT_GROUP_NOTES_OF_ONE_MS (10 * 60 * 1000) /* ... in this time */
#define KITH_LIMIT_GROUP_PEERS_BURST 64        /* records of notes on a link ... */
#define KITH_LIMIT_GROUP_PEERS_REFILL_MS 250   /* ... one more in this time */
#define KITH_LIMIT_GROUP_NOTE_CHECK_MS (1800 * 1000) /* between looks whether ours is to be renewed */
#define KITH_LIMIT_GROUP_NOTE_DIALS 4          /* of what others say of a member ... */
#define KITH_LIMIT_GROUP_NOTE_DIALS_MS (3600 * 1000) /* ... in this time */
#define KITH_LIMIT_GROUP_JOINERS 32            /* with a link of ours, at a time */
#define KITH_LIMIT_GROUP_TURNED_AWAY 4096      /* remembered while the program runs */
#define KITH_LIMIT_GROUP_JOINS_BURST 4         /* requests to join one group in a session ... */
#define KITH_LIMIT_GROUP_JOINS_REFILL_MS 60000 /* ... one more in this time */

/* 11: Files */
#define KITH_LIMIT_FILE_LEAF_BYTES (64 * 1024) /* of the wire: never changes */
#define KITH_LIMIT_RECEIVED_FILES_LISTED 100000 /* at once, the oldest, to make room on the disk */
#define KITH_LIMIT_FILE_BYTES (64ull * 1024 * 1024 * 1024) /* so that a list of leaves has 32 MiB */
#define KITH_LIMIT_FILE_NAME_BYTES 150
#define KITH_LIMIT_FILE_TYPE_BYTES 64          /* of a media type */
#define KITH_LIMIT_FILE_SIDE_PIXELS 65535      /* of a picture, as the sender says */
#define KITH_LIMIT_FILE_KEPT_BYTES (16 * 1024 * 1024) /* that exist nowhere but in the vault */
#define KITH_LIMIT_FILE_AUTO_DEFAULT_BYTES (1024 * 1024) /* accepted from verified contacts */
#define KITH_LIMIT_FILE_AUTO_DAY_BYTES (64ull * 1024 * 1024) /* of one contact, or four of the largest ... */
#define KITH_LIMIT_FILE_AUTO_DAY_FILES 500     /* ... and so many ... */
#define KITH_LIMIT_FILE_AUTO_DAY_MS (24 * 3600 * 1000) /* ... in this time */
#define KITH_LIMIT_FILE_RESERVE_BYTES (16 * 1024 * 1024) /* that stay free on the disk */
#define KITH_LIMIT_FILE_ASKS 64                /* of one peer that wait to be answered ... */
#define KITH_LIMIT_FILE_ASKED_PIECES 1024      /* ... and pieces in all of them */
#define KITH_LIMIT_FILES_RECEIVED 6            /* at the same time ... */
#define KITH_LIMIT_FILES_RECEIVED_OF_ONE 2     /* ... and of one peer */
#define KITH_LIMIT_FILE_LEAVES_BYTES (32 * 1024 * 1024) /* kept in memory, of all that are received */
#define KITH_LIMIT_GROUP_FILES_NAMED 64        /* in one record, that are wanted, and that are there */
#define KITH_LIMIT_GROUP_FILES_LOOKUPS 256     /* for one peer in the store, at the same time */
#define KITH_LIMIT_GROUP_FILES_SOUGHT 8        /* authors of files with whom one wants to be linked */
#define KITH_LIMIT_FILE_RESUMES_BURST 8        /* of one peer who paused files, at once ... */
#define KITH_LIMIT_FILE_RESUMES_REFILL_MS 1000 /* ... then one each; the last counts */
#define KITH_LIMIT_FILE_TICK_MS 15000          /* who has it is asked so often while nobody does */
#define KITH_LIMIT_FILE_STALL_MS 60000         /* without a piece of it: it is not waited for any more */
#define KITH_LIMIT_FILE_STATES_BURST 4096      /* that one peer says of files, at once; what is more is skipped ... */
#define KITH_LIMIT_FILE_STATES_REFILL_MS 5     /* ... one more in this time */
#define KITH_LIMIT_GROUP_FILES_BURST 1024      /* records of who wants and has files, on a link; likewise ... */
#define KITH_LIMIT_GROUP_FILES_REFILL_MS 10    /* ... one more in this time */
#define KITH_LIMIT_FILES_OFFERED 1000          /* of one conversation, that are read at the start, and that are in memory
                                                * besides those that a list shows or with which something happens */
#define KITH_LIMIT_FILES_AT_ONCE 100           /* sent with one call */
#define KITH_LIMIT_FOLDER_FILES 20000          /* and folders, in a folder */
#define KITH_LIMIT_FOLDER_DEPTH 32
#define KITH_LIMIT_FOLDER_LIST_BYTES (4 * 1024 * 1024)

/* 12: Text */
#define KITH_LIMIT_NAME_BYTES 64
#define KITH_LIMIT_NAME_CLUSTERS 32
#define KITH_LIMIT_NAME_MARKS 8                /* combining marks per cluster */
#define KITH_LIMIT_TEXT_MARKS 30               /* in one run of any text; UAX 15 */

/* 13: At rest */
#define KITH_LIMIT_PASSPHRASE_BYTES 1024
#define KITH_LIMIT_VAULT_OPSLIMIT 10
#define KITH_LIMIT_VAULT_MEMLIMIT_BYTES (2ull * 1024 * 1024 * 1024)
#define KITH_LIMIT_WRONG_PASSPHRASES 3
#define KITH_LIMIT_PASSPHRASE_PAUSE_S 60
#define KITH_LIMIT_AUTO_LOCK_MINUTES (24 * 60)
#define KITH_LIMIT_STORE_BATCHES_PER_COMMIT 512
#define KITH_LIMIT_STORE_QUEUE 4096            /* messages to one contact on their way to the store */
#define KITH_LIMIT_SEARCH_TEXT_BYTES 256
#define KITH_LIMIT_DAMAGED_LOG_S (30 * 86400)  /* that a copy of one is kept */
#define KITH_LIMIT_MIGRATION_COPY_S (7 * 86400) /* that a copy from before a new version of the schema is kept */
#define KITH_LIMIT_GENERATION_S 3600           /* of use, after which an older copy of the database is noticed */
#define KITH_LIMIT_SEARCH_SLICE_BYTES (256 * 1024) /* of texts that are read word by word before others have their turn */
#define KITH_LIMIT_SEARCH_RECENT 500           /* newest messages that are read instead of looked up; up to twice as many */
#define KITH_LIMIT_INDEX_MENDED 3 /* times that a damaged index is made anew, from one opening to the next */
#define KITH_LIMIT_NOTE_BYTES 1024
#define KITH_LIMIT_DRAFT_BYTES (64 * 1024)     /* that a program gives us */
#define KITH_LIMIT_KEPT_DRAFT_BYTES (1024 * 1024) /* of what stands in a composer */
#define KITH_LIMIT_SETTING_BYTES 8192
#define KITH_LIMIT_TYPED_BYTES (1024 * 1024)   /* in one entry of a dialog, kept when Kith is locked */

/* The model */
#define KITH_LIMIT_PAGE_MESSAGES 100           /* loaded at once when a view asks for more */
#define KITH_LIMIT_WINDOW_MESSAGES 2000        /* in a message list ... */
/* ... and how much memory they take: a list is cut to both when it has twice as much of one, but never to less than the
 * page that has just come into it, with what stands beside that. */
#define KITH_LIMIT_WINDOW_BYTES (2 * 1024 * 1024)

/* The window: simple formatting of a message */
#define KITH_LIMIT_MARKUP_SPANS 100            /* in one text; the rest stays plain */

/* The window: of longer messages a row shows the beginning, so that none takes longer than a frame */
#define KITH_LIMIT_SHOWN_CHARS 1000
#define KITH_LIMIT_SHOWN_BYTES 2400
#define KITH_LIMIT_SHOWN_LINES 20

/* The window: what a screen reader says at once */
#define KITH_LIMIT_ANNOUNCED_MESSAGES 3        /* of more that come together only how many they are */
#define KITH_LIMIT_ANNOUNCEMENT_GATHER_MS 300
#define KITH_LIMIT_ANNOUNCEMENT_MS 5000        /* for which it can be read again */
#define KITH_LIMIT_COMPLAINT_PAUSE_MS 800      /* without typing, before what is wrong is said */

/* The window: going somewhere by typing */
#define KITH_LIMIT_JUMP_RECENT 8               /* conversations, while nothing is typed */
#define KITH_LIMIT_JUMP_FOUND 50               /* of each kind */

/* The window: spelling */
#define KITH_LIMIT_SPELLED_WORD_BYTES 64       /* longer ones are no words */
#define KITH_LIMIT_SPELLING_SUGGESTIONS 5

/* The window: pictures that may have a QR code in them */
#define KITH_LIMIT_PICTURE_SIDE_PIXELS 2000    /* scaled down to that before it is looked at */
#define KITH_LIMIT_PICTURE_CODES 16            /* looked at in one picture */

/* 12: Pictures in a conversation, decoded in a process of their own */
#define KITH_LIMIT_SHOWN_PICTURE_BYTES (10 * 1024 * 1024)
#define KITH_LIMIT_SHOWN_PICTURE_PIXELS (16 * 1024 * 1024)
#define KITH_LIMIT_SHOWN_PICTURE_SIDE_PIXELS 32767
#define KITH_LIMIT_SHOWN_PICTURE_FRAMES 200    /* more is not played */
#define KITH_LIMIT_SHOWN_PICTURE_HEADER_BYTES (1024 * 1024) /* in which its size has to stand */
#define KITH_LIMIT_ANIMATION_BYTES (96 * 1024 * 1024) /* all frames; made smaller until they fit */
#define KITH_LIMIT_ANIMATION_SIDE_PIXELS 1024
#define KITH_LIMIT_PICTURE_PROCESS_BYTES (512 * 1024 * 1024) /* of address space */
#define KITH_LIMIT_PICTURE_PROCESS_CPU_S 10
#define KITH_LIMIT_PICTURE_PROCESS_MS 15000    /* then it is ended */
#define KITH_LIMIT_PICTURE_PROCESSES 2         /* at a time */
#define KITH_LIMIT_PICTURES_WAITING 64         /* the oldest is dropped: its row is far away */
#define KITH_LIMIT_PICTURE_CACHE_BYTES (48 * 1024 * 1024)
#define KITH_LIMIT_CLEAN_PICTURE_BYTES (64 * 1024 * 1024) /* from which metadata is removed */

/* 11: Voice messages */
#define KITH_LIMIT_VOICE_END_MS 5000           /* for the last of it to come, when it is sent */
#define KITH_LIMIT_VOICE_S 600                 /* recorded in one */
#define KITH_LIMIT_VOICE_SILENT_MS 5000        /* then a microphone that gives nothing is given up */
#define KITH_LIMIT_VOICES_KEPT 32              /* recorded and not sent yet, in memory */
#define KITH_LIMIT_VOICE_BYTES (4 * 1024 * 1024) /* played in the conversation */

/* Backups */
#define KITH_LIMIT_BACKUP_VALUE_BYTES (8 * 1024 * 1024) /* the state of a big group */

/* The node */
#define KITH_LIMIT_SHUTDOWN_MS (KITH_LIMIT_DHT_STOP_MS + 500)
/* For a disk that deletes half-received files, behind that, and as long for one that removes what was written of
 * transcripts: then the key is forgotten, come what may. */
#define KITH_LIMIT_PARTIALS_WAIT_MS 1000
/* Beside that, for a backup that is given up: longer than a slow machine needs for its key. Then the profile is locked,
 * come what may. */
#define KITH_LIMIT_BACKUP_WAIT_MS 2000
#define KITH_LIMIT_PREPARING_MS 1000           /* of an opened profile of an earlier version, without a word */
#define KITH_LIMIT_PARTIALS_GONE_MS 10000      /* of a profile that leaves nothing */
#define KITH_DEFAULT_PORT 5484
#define KITH_LAN_PORT 5484                     /* UDP */

/* The terminal client */
#define KITH_LIMIT_LINE_BYTES (64 * 1024)      /* that is typed, or comes from a program's terminal */
