/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Keys of kith_node_get_setting(), with the values they take. What a number is when it is not set stands in
 * kith-node-settings.c. */

/* 0 = never. That is the default: while a profile is locked nothing arrives, and the desktop has a
 * lock of its own; when the computer sleeps nothing arrives anyway. */
#define KITH_SETTING_AUTO_LOCK_MINUTES "auto-lock-minutes"
#define KITH_SETTING_LOCK_ON_SUSPEND "lock-on-suspend"       /* 0 or 1; 1 when not set */
#define KITH_SETTING_WINDOW_WIDTH "window-width"             /* px */
#define KITH_SETTING_WINDOW_HEIGHT "window-height"           /* px */
#define KITH_SETTING_WINDOW_MAXIMIZED "window-maximized"     /* 0 or 1 */
#define KITH_SETTING_COLOURS "colours"                       /* "light" or "dark"; the system's when not set */
#define KITH_SETTING_TEXT_SIZE "text-size"                   /* percent of the system's; 100 when not set */
#define KITH_SETTING_CONVERSATION "conversation"             /* ID string of the one last shown */
#define KITH_SETTING_NOTIFY "notify"                         /* 0 or 1; 1 when not set */
#define KITH_SETTING_NOTIFY_TEXT "notify-text"               /* 0 or 1; 1 when not set */
#define KITH_SETTING_NOTIFY_KEY "notify-key"                 /* hexadecimal: ui/kith-notification-name.h */
#define KITH_SETTING_SPELLING "spelling"                     /* 0 or 1; 1 when not set */
#define KITH_SETTING_SPELLING_WORDS "spelling-words"         /* what the user taught it, with blanks between */
#define KITH_SETTING_BACKGROUND "run-in-background"          /* 0 or 1; not set: ask */
/* Outside of a sandbox the desktop's own file says it. */
#define KITH_SETTING_START_AT_LOGIN "start-at-login"         /* 0 or 1 */
#define KITH_SETTING_CONTACT_SORT "contact-sort"             /* "activity" or "name" */
#define KITH_SETTING_CONTACT_FILTER "contact-filter"         /* "all", or another that lasts: kith-conversation-filter.h */

#define KITH_SETTING_TYPED "typed-"                          /* and a name, "-" and a number: kith-typed.c */

/* kith-node-presence.c. The first two are for both directions: who does not tell is not told. */
#define KITH_SETTING_TYPING "typing"                         /* 0 or 1; 1 when not set */
#define KITH_SETTING_READ_RECEIPTS "read-receipts"           /* 0 or 1; 1 when not set */
#define KITH_SETTING_HIDDEN "hidden"                         /* 0 or 1: kith_node_set_hidden() */

/* kith-expiry.c; not in backups: it says how the clock of this machine was set. */
#define KITH_SETTING_EXPIRY_CLOCK "expiry-clock"

#define KITH_SETTING_FILES_AUTO "files-auto"                 /* bytes: kith_node_set_files_auto_bytes() */
#define KITH_SETTING_FILES_FOLDER "files-folder"             /* a path; the default when not set */
#define KITH_SETTING_REACH "reach"                           /* kith_reach_get_name(); everyone when not set */
#define KITH_SETTING_JOIN_PASSPHRASE "join-passphrase"       /* of strangers who dial us */
#define KITH_SETTING_PASSPHRASE_FOR "passphrase-for-"        /* and an ID: what we were let in with there */

/* kith-network-config.c; each on when not set, but for the third */
#define KITH_SETTING_DHT "dht"                               /* 0 or 1 */
#define KITH_SETTING_LAN "lan"                               /* 0 or 1 */
#define KITH_SETTING_LAN_PRESENT "lan-present"               /* 0 or 1 */
#define KITH_SETTING_PORT_MAP "port-map"                     /* 0 or 1 */
#define KITH_SETTING_BOOTSTRAP "bootstrap"                   /* hosts with a blank between them */
#define KITH_SETTING_PROXY "proxy"                           /* a URI */
#define KITH_SETTING_DHT_NODES "dht-nodes"                   /* base64: how to get in again */
