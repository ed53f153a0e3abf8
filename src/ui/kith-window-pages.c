/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include "node/kith-explain.h"
#include "ui/kith-launch.h"
#include "ui/kith-toolkit-names.h"

/* The pages that stand in the place of the conversations. Most starts show none of them: each is made when it is
 * shown first. */

/* --- What they say --------------------------------------------------------------------------- */

static void
setup_back_cb (KithWindow *self)
{
  g_autofree char *name = g_steal_pointer (&self->new_name);

  kith_window_show_welcome (self);
  kith_welcome_page_ask_name (self->welcome_page, name);
  kith_welcome_page_focus (self->welcome_page);
}

static void
unlock_failed_cb (KithWindow *self, GError *error)
{
  if (!self->is_closing)
    kith_window_show_trouble (self, error);
}

static void
profiles_back_cb (KithWindow *self)
{
  if (g_strcmp0 (self->left_page, "lock") == 0)
    kith_window_show_lock (self);
  else if (self->left_page != NULL)
    {
      kith_window_show_page (self, self->left_page);
      if (g_str_equal (self->left_page, "trouble"))
        kith_trouble_page_focus (self->trouble_page);
    }
}

static void
profile_chosen_cb (KithWindow *self, const char *path, gboolean restore)
{
  g_autofree char *usual = kith_profile_folder_dup_default ();
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  gboolean is_first = self->profile_path == NULL; /* nobody was shown yet */
  KithLaunchFlags flags = KITH_LAUNCH_INSTEAD | (restore ? KITH_LAUNCH_RESTORE : 0)
                          | (is_first ? KITH_LAUNCH_FIRST : 0);

  if (!is_first && g_strcmp0 (path, self->profile_path) == 0)
    {
      profiles_back_cb (self);
      return;
    }

  if (is_first && g_strcmp0 (path, usual) == 0)
    {
      kith_window_open_profile (self, path, NULL);
      return;
    }

  if (kith_launch_profile (path, flags, self->pending_link, &error))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  words = kith_explain_error (error);
  kith_window_toast (self, words);
}

/* --- Making them ----------------------------------------------------------------------------- */

/* @page: says what it will say first */
static void
add_page (KithWindow *self, gpointer page, const char *name)
{
  gtk_stack_add_named (self->stack, page, name);
  kith_toolkit_names_complete (page); /* the window may have come up already */
}

static void
follow (KithWindow *self, gpointer page, const char *signal, GCallback callback)
{
  g_signal_connect_object (page, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
need_welcome (KithWindow *self)
{
  if (self->welcome_page != NULL)
    return;

  self->welcome_page = g_object_new (KITH_TYPE_WELCOME_PAGE, NULL);
  follow (self, self->welcome_page, "start", G_CALLBACK (kith_window_start));
  kith_window_reset_welcome (self);
  add_page (self, self->welcome_page, "welcome");
}

static void
need_setup (KithWindow *self)
{
  if (self->setup_page != NULL)
    return;

  self->setup_page = g_object_new (KITH_TYPE_SETUP_PAGE, NULL);
  follow (self, self->setup_page, "back", G_CALLBACK (setup_back_cb));
  kith_window_give_folder (self);
  add_page (self, self->setup_page, "setup");
}

static void
need_lock (KithWindow *self)
{
  if (self->lock_page != NULL)
    return;

  self->lock_page = g_object_new (KITH_TYPE_LOCK_PAGE, NULL);
  follow (self, self->lock_page, "failed", G_CALLBACK (unlock_failed_cb));
  kith_window_give_folder (self);
  add_page (self, self->lock_page, "lock");
}

static void
need_trouble (KithWindow *self)
{
  if (self->trouble_page != NULL)
    return;

  self->trouble_page = g_object_new (KITH_TYPE_TROUBLE_PAGE, NULL);
  follow (self, self->trouble_page, "retry", G_CALLBACK (kith_window_retry));
  follow (self, self->trouble_page, "start-anew", G_CALLBACK (kith_window_start_anew));
  add_page (self, self->trouble_page, "trouble");
}

static void
need_profiles (KithWindow *self)
{
  if (self->profiles_page != NULL)
    return;

  self->profiles_page = g_object_new (KITH_TYPE_PROFILES_PAGE, NULL);
  follow (self, self->profiles_page, "chosen", G_CALLBACK (profile_chosen_cb));
  follow (self, self->profiles_page, "back", G_CALLBACK (profiles_back_cb));
  add_page (self, self->profiles_page, "profiles");
}

/* The window goes away, and they with it. */
void
kith_window_forget_pages (KithWindow *self)
{
  self->welcome_page = NULL;
  self->setup_page = NULL;
  self->lock_page = NULL;
  self->trouble_page = NULL;
  self->profiles_page = NULL;
}

/* --- Showing them ---------------------------------------------------------------------------- */

/* @name: of a page that was made: "loading" is from the start */
void
kith_window_show_page (KithWindow *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
}

/* Puts the page in the place of everything that asks for the passphrase. */
void
kith_window_show_lock (KithWindow *self)
{
  need_lock (self);
  kith_window_show_page (self, "lock");
  kith_lock_page_focus (self->lock_page);
}

void
kith_window_show_setup (KithWindow *self)
{
  need_setup (self);
  kith_window_show_page (self, "setup");
  kith_setup_page_focus (self->setup_page);
}

/* Nothing is there yet. */
void
kith_window_show_welcome (KithWindow *self)
{
  need_welcome (self);
  kith_welcome_page_set_kind (self->welcome_page, TRUE, FALSE);
  kith_window_show_page (self, "welcome");
  kith_welcome_page_focus (self->welcome_page);
}

/* There is a node, and nobody in it; or not yet. */
void
kith_window_show_name (KithWindow *self)
{
  need_welcome (self);
  kith_window_show_page (self, "welcome");
  kith_welcome_page_focus (self->welcome_page);
}

/* Begins from the start when it is shown next. */
void
kith_window_reset_welcome (KithWindow *self)
{
  if (self->welcome_page != NULL)
    kith_welcome_page_set_kind (self->welcome_page, FALSE, self->folder == NULL);
}

void
kith_window_set_welcome_busy (KithWindow *self, gboolean is_busy)
{
  if (self->welcome_page != NULL)
    kith_welcome_page_set_busy (self->welcome_page, is_busy);
}

static char *
dup_label (KithWindow *self)
{
  g_autofree char *usual = kith_profile_folder_dup_default ();

  if (self->folder == NULL || g_strcmp0 (usual, self->profile_path) == 0)
    return NULL;

  return g_path_get_basename (self->profile_path);
}

/* There is another folder, or none. */
void
kith_window_give_folder (KithWindow *self)
{
  g_autofree char *label = dup_label (self);

  if (self->lock_page != NULL)
    kith_lock_page_set_folder (self->lock_page, self->folder, label);
  if (self->setup_page != NULL)
    kith_setup_page_set_folder (self->setup_page, self->folder);
}

/* Of an erasing that is to be tried again. */
void
kith_window_show_erase_trouble (KithWindow *self, const GError *error)
{
  self->is_erase_due = TRUE;
  need_trouble (self);
  kith_window_show_page (self, "trouble");
  kith_trouble_page_set_erase_error (self->trouble_page, error, self->profile_path,
                                     kith_profile_folder_is_key_gone (self->folder),
                                     kith_profile_folder_get_left_in (self->folder));
}

/**
 * kith_window_show_trouble:
 * @self: a window
 * @error: (nullable): why it has nothing to show
 *
 * Says so in place of everything else.
 */
void
kith_window_show_trouble (KithWindow *self, const GError *error)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  need_trouble (self);
  kith_window_show_page (self, "trouble");
  kith_trouble_page_set_error (self->trouble_page, error, self->profile_path, !self->is_demo, self->folder != NULL);
}

/**
 * kith_window_choose_profile:
 * @self: a window
 *
 * Asks which profile to open. Who comes from one can go back to it.
 */
void
kith_window_choose_profile (KithWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  g_return_if_fail (KITH_IS_WINDOW (self));

  if (g_strcmp0 (page, "profiles") != 0)
    self->left_page = g_intern_string (page);
  need_profiles (self);
  kith_profiles_page_refresh (self->profiles_page, self->profile_path);
  kith_window_show_page (self, "profiles");
  kith_profiles_page_focus (self->profiles_page);
}
