/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithTestCuts:
 *
 * What a folder might hold had the power gone at any moment while it is watched: before and after each call that
 * changes it, with or without what was not synced, of what is in files as of their names. Names come and go in order,
 * as journals have it; what is in a file also by the sector. Folders in it are left out. One at a time.
 */
typedef struct _KithTestCuts KithTestCuts;

/* Begins to watch: all that is there now is on the disk. */
KithTestCuts *kith_test_cuts_new      (const char   *folder);
/* Ends that. What is there now was acknowledged: from the state with the number that is returned on it stays. */
guint         kith_test_cuts_end      (KithTestCuts *self);
void          kith_test_cuts_free     (KithTestCuts *self);

/* How many different ones there are. */
guint         kith_test_cuts_get_n    (KithTestCuts *self);
/* Puts the files of one into @folder, which is made. */
void          kith_test_cuts_unpack   (KithTestCuts *self,
                                       guint         number,
                                       const char   *folder);
/* (transfer full): what is in it, for who wonders */
char         *kith_test_cuts_describe (KithTestCuts *self,
                                       guint         number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithTestCuts, kith_test_cuts_free)

G_END_DECLS
