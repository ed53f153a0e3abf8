/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Other processes. Another profile is one: its keys are in no memory of ours. */

/**
 * KithLaunchFlags:
 * @KITH_LAUNCH_RESTORE: offer at once to restore the profile from a backup
 * @KITH_LAUNCH_INSTEAD: this process ends, and listens nowhere: the other one can have its port
 * @KITH_LAUNCH_FIRST: nobody was shown here yet: what was said of the user means the other one's
 */
typedef enum
{
  KITH_LAUNCH_RESTORE = 1 << 0,
  KITH_LAUNCH_INSTEAD = 1 << 1,
  KITH_LAUNCH_FIRST = 1 << 2,
} KithLaunchFlags;

void     kith_launch_set_options (const char *const  *network,
                                  const char         *listen,
                                  const char         *name);
char    *kith_launch_dup_program (void);
gboolean kith_launch_profile     (const char         *path,
                                  KithLaunchFlags     flags,
                                  const char         *link,
                                  GError            **error);

/* What opens files and links. */
void     kith_launch_uri_async   (GtkWindow          *window,
                                  const char         *uri,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean kith_launch_uri_finish  (GtkWindow          *window,
                                  GAsyncResult       *result,
                                  GError            **error);

G_END_DECLS
