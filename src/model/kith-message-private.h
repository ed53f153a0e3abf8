/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-message.h"
#include "model/kith-transfer.h"

G_BEGIN_DECLS

/* For kith-message.c, which has what it is and how far it came, and kith-message-content.c, which has
 * what becomes of it. */

#define N_STATES (KITH_MESSAGE_FAILED + 1)

struct _KithMessage
{
  GObject          parent_instance;
  guint8           id[KITH_MESSAGE_ID_BYTES];
  char             id_hex[KITH_MESSAGE_ID_HEX + 1];
  KithContact     *sender; /* (owned) (nullable): NULL is ourselves */
  char            *text;   /* (owned) */
  char            *reason; /* (owned) (nullable) */
  char            *reason_code; /* (owned) (nullable): the same for programs */
  guint64          hlc;
  gint64           time_ms;
  KithMessageState state;
  gint64           state_ms[N_STATES];
  gboolean         broadcast;
  KithMessageKind  kind;
  gint64           edited_ms;
  gboolean         deleted;
  char             reply_to[KITH_MESSAGE_ID_HEX + 1]; /* empty: none */
  KithQuoteState   quote;
  KithContact     *reply_sender; /* (owned) (nullable) */
  char            *reply_text;   /* (owned) (nullable) */
  GPtrArray       *reactions;    /* (owned) (nullable) KithReaction, ours first; NULL: none */
  guint32          ttl_s;
  gint64           expires_ms;
  guint            n_missing;
  KithTransfer    *transfer;     /* (owned) (nullable) */
  gboolean         mention;
  gboolean         late;
  char            *event;      /* (owned) (nullable) */
  KithContact     *event_who;  /* (owned) (nullable): NULL is ourselves */
  KithContact     *event_by;   /* (owned) (nullable): NULL is ourselves */
  char            *event_text; /* (owned) (nullable) */
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_SENDER,
  PROP_OUTGOING,
  PROP_TEXT,
  PROP_TIME,
  PROP_STATE,
  PROP_REASON,
  PROP_SENT_TIME,
  PROP_DELIVERED_TIME,
  PROP_READ_TIME,
  PROP_BROADCAST,
  PROP_KIND,
  PROP_EDITED_AT,
  PROP_DELETED,
  PROP_REPLY_TO,
  PROP_QUOTE,
  PROP_REPLY_SENDER,
  PROP_REPLY_TEXT,
  PROP_REACTIONS,
  PROP_TTL_S,
  PROP_EXPIRES_AT,
  PROP_N_MISSING,
  PROP_TRANSFER,
  PROP_MENTION,
  PROP_LATE,
  PROP_EVENT,
  PROP_EVENT_WHO,
  PROP_EVENT_BY,
  PROP_EVENT_TEXT,
  N_PROPS
};

void kith_message_notify         (KithMessage      *self,
                                  guint             prop_id);
void kith_message_set_state_time (KithMessage      *self,
                                  KithMessageState  state,
                                  gint64            time_ms);

G_END_DECLS
