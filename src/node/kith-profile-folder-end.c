/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of the program: the profile is locked, whatever is being done with it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-profile-folder.h"

typedef struct
{
  KithProfileFolder  *folder;    /* (owned) */
  GAsyncReadyCallback callback;
  gpointer            user_data; /* (unowned): of @callback */
} Ending;

/* An erasing says how it went, any other work by the state: others hear of it first. */
static void
go_on (Ending *self)
{
  GCallback again = G_CALLBACK (go_on);

  g_signal_handlers_disconnect_by_func (self->folder, again, self);
  if (kith_profile_folder_is_erasing (self->folder))
    g_signal_connect_data (self->folder, "erased", again, self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  else if (kith_profile_folder_get_state (self->folder) == KITH_PROFILE_BUSY)
    g_signal_connect_data (self->folder, "notify::state", again, self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  else
    {
      kith_profile_folder_lock_async (self->folder, self->callback, self->user_data);
      g_object_unref (self->folder);
      g_free (self);
    }
}

/**
 * kith_profile_folder_end_async:
 * @self: a folder, whatever is being done with it
 * @callback: called when it is locked; ends with kith_profile_folder_lock_finish()
 * @user_data: for @callback
 *
 * What is being done ends first: a restore that was cancelled takes its files away, and what is being erased goes as a
 * whole. Then it is locked. Main thread.
 */
void
kith_profile_folder_end_async (KithProfileFolder *self, GAsyncReadyCallback callback, gpointer user_data)
{
  Ending *ending = g_new0 (Ending, 1);

  ending->folder = g_object_ref (self);
  ending->callback = callback;
  ending->user_data = user_data;
  go_on (ending);
}
