/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-transfer.h"

G_BEGIN_DECLS

/* What the user can do with a file, as it stands; each is an action of the conversation view. */
typedef enum
{
  KITH_FILE_ACCEPT = 1 << 0,
  KITH_FILE_ACCEPT_AS = 1 << 1,
  KITH_FILE_DECLINE = 1 << 2,
  KITH_FILE_VIEW = 1 << 3,
  KITH_FILE_OPEN = 1 << 4,
  KITH_FILE_SHOW = 1 << 5,
  KITH_FILE_SAVE = 1 << 6,
  KITH_FILE_PAUSE = 1 << 7,
  KITH_FILE_RESUME = 1 << 8,
  KITH_FILE_CANCEL = 1 << 9,
} KithFileActs;

KithFileActs kith_file_find_acts        (KithTransfer *transfer);
const char  *kith_file_find_main_action (KithTransfer *transfer);

G_END_DECLS
