/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-transfer.h"

G_BEGIN_DECLS

/* For kith-transfer.c, which has what it is, and kith-transfer-progress.c, which has how far it came. */

typedef enum
{
  PROP_0,
  PROP_ID,
  PROP_MESSAGE_ID,
  PROP_CONVERSATION,
  PROP_OUTGOING,
  PROP_NAME,
  PROP_FOLDER,
  PROP_N_FILES,
  PROP_SIZE,
  PROP_DONE_BYTES,
  PROP_BYTES_PER_S,
  PROP_SECONDS_LEFT,
  PROP_STATE,
  PROP_PAUSED_BY_THEM,
  PROP_PATH,
  PROP_ERROR,
  PROP_MEDIA_TYPE,
  PROP_WIDTH,
  PROP_HEIGHT,
  PROP_DURATION_MS,
  N_PROPS
} KithTransferProperty;

struct _KithTransfer
{
  GObject           parent_instance;
  char             *id_hex;       /* (owned) */
  KithConversation *conversation; /* (unowned) (nullable): weak */
  KithContact      *sender;       /* (owned) (nullable) */
  gboolean          outgoing;
  gboolean          has_message;
  char             *name;         /* (owned) */
  gboolean          folder;
  guint             n_files;
  guint64           size;
  guint64           done_bytes;
  double            bytes_per_s;
  KithTransferState state;
  gboolean          paused_by_them;
  char             *path;         /* (owned) (nullable) */
  char             *error;        /* (owned) (nullable) */
  KithMedia         media;
  gint64            told_us;      /* monotonic: when progress was told last; 0 = not since it runs */
  guint64           told_bytes;
};

void kith_transfer_notify (KithTransfer        *self,
                           KithTransferProperty property);

G_END_DECLS
