/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-file-acts.h"

#include "ui/kith-file-words.h"

/* What can be done with one that is on this computer. */
static KithFileActs
find_here (KithTransfer *transfer)
{
  KithFileActs acts = 0;

  if (!kith_file_is_here (transfer))
    return 0;

  if (kith_file_is_picture (transfer))
    acts |= KITH_FILE_VIEW;
  /* One of ours that is kept in the vault has no path. */
  if (kith_transfer_get_path (transfer) != NULL)
    acts |= KITH_FILE_OPEN | KITH_FILE_SHOW;

  return acts | KITH_FILE_SAVE;
}

/* One that has failed, or theirs that was not wanted, can be had after all. */
static KithFileActs
find_failed (KithTransfer *transfer)
{
  /* One that never came to be a message can only go. */
  if (kith_transfer_get_message_id (transfer) == NULL)
    return KITH_FILE_CANCEL;

  return KITH_FILE_RESUME | KITH_FILE_CANCEL
         | (kith_transfer_is_outgoing (transfer) ? 0 : KITH_FILE_ACCEPT_AS);
}

/**
 * kith_file_find_acts:
 * @transfer: a transfer
 *
 * Returns: what can be done with it now
 */
KithFileActs
kith_file_find_acts (KithTransfer *transfer)
{
  gboolean outgoing = kith_transfer_is_outgoing (transfer);

  switch (kith_transfer_get_state (transfer))
    {
    case KITH_TRANSFER_PREPARING:
      return KITH_FILE_CANCEL;
    case KITH_TRANSFER_OFFERED:
      return outgoing ? KITH_FILE_CANCEL | find_here (transfer)
                      : KITH_FILE_ACCEPT | KITH_FILE_ACCEPT_AS | KITH_FILE_DECLINE;
    case KITH_TRANSFER_WAITING:
    case KITH_TRANSFER_RUNNING:
      return KITH_FILE_PAUSE | KITH_FILE_CANCEL | find_here (transfer);
    case KITH_TRANSFER_PAUSED:
      return KITH_FILE_RESUME | KITH_FILE_CANCEL | find_here (transfer);
    case KITH_TRANSFER_FAILED:
      return find_failed (transfer) | find_here (transfer);
    case KITH_TRANSFER_DECLINED:
      return outgoing ? find_here (transfer) : KITH_FILE_ACCEPT | KITH_FILE_ACCEPT_AS;
    case KITH_TRANSFER_CANCELLED:
      /* What they took back is gone; what the user gave up is not. */
      return outgoing || kith_transfer_get_error (transfer) != NULL
               ? find_here (transfer) : KITH_FILE_ACCEPT | KITH_FILE_ACCEPT_AS;
    case KITH_TRANSFER_DONE:
      /* One that was not found after a restore may be had again. */
      return outgoing || kith_file_is_here (transfer) ? find_here (transfer)
                                                      : KITH_FILE_ACCEPT | KITH_FILE_ACCEPT_AS;
    }

  return 0;
}

/**
 * kith_file_find_main_action:
 * @transfer: a transfer
 *
 * Returns: (nullable): the action of the conversation view that one would take first, if there is one
 */
const char *
kith_file_find_main_action (KithTransfer *transfer)
{
  KithFileActs acts = kith_file_find_acts (transfer);

  if ((acts & KITH_FILE_ACCEPT) != 0)
    return "conversation.file-accept";
  if ((acts & KITH_FILE_VIEW) != 0)
    return "conversation.file-view";
  if ((acts & KITH_FILE_OPEN) != 0)
    return "conversation.file-open";
  if ((acts & KITH_FILE_RESUME) != 0)
    return "conversation.file-resume";

  return (acts & KITH_FILE_SAVE) != 0 ? "conversation.file-save" : NULL;
}
