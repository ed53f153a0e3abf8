/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/kith-conversation.h"
#include "model/kith-model-types.h"

G_BEGIN_DECLS

/**
 * KithTransferState:
 * @KITH_TRANSFER_PREPARING: ours: it is being read before it is offered; no message exists yet
 * @KITH_TRANSFER_OFFERED: ours: they have not accepted; theirs: our user has not decided
 * @KITH_TRANSFER_WAITING: accepted; whoever has it, or wants it, is not there at the moment, or it
 *   is not its turn
 * @KITH_TRANSFER_RUNNING: bytes are on their way
 * @KITH_TRANSFER_PAUSED: our user paused it
 * @KITH_TRANSFER_DONE: all of it has arrived
 * @KITH_TRANSFER_FAILED: "error" says why; what was received is kept while it can be tried again
 * @KITH_TRANSFER_CANCELLED: one of the two gave it up after it was offered
 * @KITH_TRANSFER_DECLINED: it was not wanted
 *
 * Where a transfer stands. The last four are over; FAILED may be resumed.
 */
typedef enum
{
  KITH_TRANSFER_PREPARING,
  KITH_TRANSFER_OFFERED,
  KITH_TRANSFER_WAITING,
  KITH_TRANSFER_RUNNING,
  KITH_TRANSFER_PAUSED,
  KITH_TRANSFER_DONE,
  KITH_TRANSFER_FAILED,
  KITH_TRANSFER_CANCELLED,
  KITH_TRANSFER_DECLINED,
} KithTransferState;

/**
 * KithMedia:
 *
 * What the sender says of a file besides its name and size. Hints: nothing of it is checked against
 * the content, and all of it may be 0 or empty.
 */
typedef struct
{
  char   *type;        /* (owned) (nullable): a media type such as "image/png", sanitised */
  guint   width;       /* of a picture, in px as it is shown */
  guint   height;
  guint   duration_ms; /* of a voice message */
  guint8  waveform[KITH_WAVEFORM_BYTES]; /* of a voice message: loudness, 0 to 255 */
  guint   n_waveform;
} KithMedia;

void        kith_media_copy               (KithMedia       *self,
                                           const KithMedia *other);
void        kith_media_clear              (KithMedia       *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithMedia, kith_media_clear)

#define KITH_TYPE_TRANSFER (kith_transfer_get_type ())
G_DECLARE_FINAL_TYPE (KithTransfer, kith_transfer, KITH, TRANSFER, GObject)

/* A file, or a folder, that is offered, on its way, or was. Main thread.
 *
 * Properties: "id" (32 hex digits: that of the message, once there is one), "message-id" (nullable: the id
 * of the message that offers it, NULL while PREPARING), "conversation" (KithConversation), "outgoing",
 * "name" (safe to be shown and to be used as a file name: protocol 11), "folder" (boolean), "size" (of
 * all of it, bytes), "done-bytes", "bytes-per-s" (0 = not known), "seconds-left" (-1 = not known),
 * "state" (#KithTransferState), "paused-by-them", "path" (nullable: where the file or folder is: ours, or theirs
 * when it is DONE), "error" (nullable: words for people), "media-type" (nullable: a hint), "width", "height",
 * "duration-ms" (hints), "n-files" (of a folder, 0 = not known). Numbers that only
 * tell progress are notified four times a second at most. */

KithTransfer      *kith_transfer_new                (const guint8      id[KITH_MESSAGE_ID_BYTES],
                                                     KithConversation *conversation,
                                                     gboolean          outgoing,
                                                     const char       *name,
                                                     guint64           size,
                                                     const KithMedia  *media);
const char        *kith_transfer_get_id             (KithTransfer     *self);
const char        *kith_transfer_get_message_id     (KithTransfer     *self);
KithConversation  *kith_transfer_get_conversation   (KithTransfer     *self);
KithContact       *kith_transfer_get_sender         (KithTransfer     *self);
gboolean           kith_transfer_is_shared          (KithTransfer     *self);
gboolean           kith_transfer_is_outgoing        (KithTransfer     *self);
const char        *kith_transfer_get_name           (KithTransfer     *self);
gboolean           kith_transfer_is_folder          (KithTransfer     *self);
guint64            kith_transfer_get_size           (KithTransfer     *self);
guint64            kith_transfer_get_done_bytes     (KithTransfer     *self);
double             kith_transfer_get_fraction       (KithTransfer     *self);
guint64            kith_transfer_get_bytes_per_s    (KithTransfer     *self);
gint64             kith_transfer_get_seconds_left   (KithTransfer     *self);
KithTransferState  kith_transfer_get_state          (KithTransfer     *self);
gboolean           kith_transfer_is_over            (KithTransfer     *self);
gboolean           kith_transfer_get_paused_by_them (KithTransfer     *self);
const char        *kith_transfer_get_path           (KithTransfer     *self);
const char        *kith_transfer_get_error          (KithTransfer     *self);
guint              kith_transfer_get_n_files        (KithTransfer     *self);
const KithMedia   *kith_transfer_get_media          (KithTransfer     *self);
const char        *kith_transfer_state_to_string    (KithTransferState state);

/* For the node. */
void               kith_transfer_set_id             (KithTransfer     *self,
                                                     const guint8     *id);
void               kith_transfer_set_sender         (KithTransfer     *self,
                                                     KithContact      *sender);
void               kith_transfer_set_message_id     (KithTransfer     *self,
                                                     gboolean          has_message);
void               kith_transfer_set_size           (KithTransfer     *self,
                                                     guint64           size);
void               kith_transfer_set_folder         (KithTransfer     *self,
                                                     gboolean          folder,
                                                     guint             n_files);
void               kith_transfer_set_state          (KithTransfer     *self,
                                                     KithTransferState state);
void               kith_transfer_set_paused_by_them (KithTransfer     *self,
                                                     gboolean          paused);
void               kith_transfer_set_path           (KithTransfer     *self,
                                                     const char       *path);
void               kith_transfer_set_error          (KithTransfer     *self,
                                                     const char       *words);
void               kith_transfer_set_done           (KithTransfer     *self,
                                                     guint64           done_bytes);
gboolean           kith_transfer_progress           (KithTransfer     *self,
                                                     guint64           done_bytes,
                                                     gint64            now_us);

G_END_DECLS
