/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-open.h"

G_BEGIN_DECLS

/* What the whole process does with the files of one folder, and those below it: seen, or refused. */

typedef enum
{
  KITH_TEST_CALL_CHANGE, /* of what is in a file, or of a name */
  KITH_TEST_CALL_SYNC,   /* of a file or a folder */
} KithTestCall;

/* @fd: of the file; -1 when a name has changed. In the thread that made the call, one after another. */
typedef void (*KithTestCallFunc) (KithTestCall call,
                                  int          fd,
                                  gpointer     user_data);

/* @func: (nullable): called after each call that succeeded; NULL ends that */
void   kith_test_calls_watch          (const char       *folder,
                                       KithTestCallFunc  func,
                                       gpointer          user_data);
/* By how many bytes all files may still grow: then the disk is full. @room: -1 = as there is. */
void   kith_test_calls_set_room       (const char       *folder,
                                       gint64            room);
/* Names cannot be changed: an errno, or 0. */
void   kith_test_calls_refuse_renames (int               code);
/* Nothing waits for the disk, which may be busy; that it would is seen. */
void   kith_test_calls_skip_syncs     (gboolean          is_skipped);

G_END_DECLS
