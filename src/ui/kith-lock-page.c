/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-announce.h"
#include "ui/kith-lock-page.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "ui/kith-entry-state.h"

#define SHAKE_MS 400
#define SLOW_LOCK_MS 4000

struct _KithLockPage
{
  AdwBin parent_instance;

  AdwWindowTitle *window_title;
  GtkWidget *group;
  GtkEditable *row;
  GtkLabel *hint_label;
  GtkWidget *unlock_button;
  GtkStack *button_stack;
  GtkWidget *button_label;
  GtkSpinner *spinner;

  KithProfileFolder *folder; /* (owned) (nullable) */
  gboolean is_busy;
  guint pause_id;
  guint shake_id;
  guint slow_id; /* while it is on its way to being locked */
  gboolean is_slow;
};

enum
{
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithLockPage, kith_lock_page, ADW_TYPE_BIN)

static guint
get_pause_s (KithLockPage *self)
{
  return self->folder != NULL ? kith_profile_folder_get_pause_s (self->folder) : 0;
}

static void
update (KithLockPage *self)
{
  gboolean can_try = !self->is_busy && self->pause_id == 0 && self->folder != NULL
                     && kith_profile_folder_get_state (self->folder) == KITH_PROFILE_LOCKED;

  gtk_editable_set_editable (self->row, can_try);
  gtk_widget_set_sensitive (self->unlock_button,
                            can_try && *gtk_editable_get_text (self->row) != '\0');
  gtk_spinner_set_spinning (self->spinner, self->is_busy);
  gtk_stack_set_visible_child (self->button_stack,
                               self->is_busy ? GTK_WIDGET (self->spinner) : self->button_label);
}

static void
set_hint (KithLockPage *self, const char *words, gboolean is_error)
{
  gtk_label_set_text (self->hint_label, words);
  kith_entry_state_complain (GTK_WIDGET (self->row), is_error ? words : NULL, GTK_WIDGET (self->hint_label));
}

/* --- The pause ------------------------------------------------------------------------------ */

static void
show_pause (KithLockPage *self, guint seconds)
{
  g_autofree char *words = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   /* Translators: for how long no passphrase is taken */
                   "Too many wrong passphrases. Try again in %u second. The pause stops somebody at "
                   "this keyboard. It does not protect a copy of the files: only the passphrase "
                   "does.",
                   "Too many wrong passphrases. Try again in %u seconds. The pause stops somebody at "
                   "this keyboard. It does not protect a copy of the files: only the passphrase "
                   "does.",
                   seconds),
      seconds);

  set_hint (self, words, FALSE);
}

static gboolean
pause_cb (gpointer user_data)
{
  KithLockPage *self = user_data;
  guint seconds = get_pause_s (self);

  if (seconds > 0)
    {
      show_pause (self, seconds);
      return G_SOURCE_CONTINUE;
    }

  self->pause_id = 0;
  set_hint (self, "", FALSE);
  update (self);
  /* The user may be among the other profiles. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    kith_lock_page_focus (self);

  return G_SOURCE_REMOVE;
}

static void
start_pause (KithLockPage *self)
{
  if (get_pause_s (self) == 0)
    return;

  show_pause (self, get_pause_s (self));
  /* Not each second. */
  kith_announce (GTK_WIDGET (self), gtk_label_get_text (self->hint_label));
  if (self->pause_id == 0)
    self->pause_id = g_timeout_add_seconds (1, pause_cb, self);
  update (self);
}

/* --- On its way to being locked ------------------------------------------------------------- */

/* Whoever locked it may be about to leave. */
static gboolean
slow_cb (gpointer user_data)
{
  KithLockPage *self = user_data;
  const char *words = _("Still locking: the disk does not answer. Until it does, the key stays in the memory of this "
                        "computer.");

  self->slow_id = 0;
  self->is_slow = TRUE;
  set_hint (self, words, FALSE);
  kith_announce (GTK_WIDGET (self), words);

  return G_SOURCE_REMOVE;
}

static void
watch_locking (KithLockPage *self)
{
  gboolean is_locking = self->folder != NULL && kith_profile_folder_get_state (self->folder) == KITH_PROFILE_BUSY
                        && !self->is_busy && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (is_locking && self->slow_id == 0)
    self->slow_id = g_timeout_add (SLOW_LOCK_MS, slow_cb, self);
  if (is_locking)
    return;

  g_clear_handle_id (&self->slow_id, g_source_remove);
  if (self->is_slow)
    set_hint (self, "", FALSE);
  self->is_slow = FALSE;
}

static void
state_changed_cb (KithLockPage *self)
{
  watch_locking (self);
  update (self);
  if (!self->is_busy && gtk_widget_get_mapped (GTK_WIDGET (self)))
    kith_lock_page_focus (self);
}

/* --- Unlocking ------------------------------------------------------------------------------ */

static gboolean
shaken_cb (gpointer user_data)
{
  KithLockPage *self = user_data;

  self->shake_id = 0;
  gtk_widget_remove_css_class (self->group, "shake");

  return G_SOURCE_REMOVE;
}

static void
say_wrong (KithLockPage *self)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE, "It opens nothing");
  guint left = self->folder != NULL ? kith_profile_folder_get_tries_left (self->folder) : 0;
  g_autofree char *words = kith_explain_error (error);
  g_autofree char *tries = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                                         /* Translators: how often one may still enter a passphrase */
                                                         "%u try left before a pause.",
                                                         "%u tries left before a pause.", left),
                                            left);
  /* Translators: two whole sentences, one after the other */
  g_autofree char *both = g_strdup_printf (_("%s %s"), words, tries);

  gtk_widget_add_css_class (self->group, "shake");
  if (self->shake_id == 0)
    self->shake_id = g_timeout_add (SHAKE_MS, shaken_cb, self);
  set_hint (self, left > 0 ? both : words, TRUE);
}

/* The profile is as it was, and so is the passphrase. */
static void
say_no_memory (KithLockPage *self, const GError *error)
{
  g_autofree char *words = kith_explain_error (error);

  set_hint (self, words, TRUE);
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithLockPage) self = user_data;
  g_autoptr (GError) error = NULL;
  KithError code;
  gboolean unlocked
      = kith_profile_folder_unlock_finish (KITH_PROFILE_FOLDER (source), result, &error);

  if (self->row == NULL)
    return;

  self->is_busy = FALSE;
  update (self);
  if (unlocked)
    {
      set_hint (self, "", FALSE);
      return;
    }

  code = kith_error_code_from_gerror (error);
  /* What cannot be a passphrase is not this one; nor was it tried. */
  if (code == KITH_ERROR_WRONG_PASSPHRASE || code == KITH_ERROR_INVALID)
    {
      say_wrong (self);
    }
  else if (code == KITH_ERROR_PAUSED)
    {
      start_pause (self);
    }
  else if (code == KITH_ERROR_NO_MEMORY)
    {
      say_no_memory (self, error);
    }
  else if (code != KITH_ERROR_CANCELLED)
    {
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return;
    }

  kith_lock_page_focus (self);
}

static void
unlock_cb (KithLockPage *self)
{
  if (!gtk_widget_get_sensitive (self->unlock_button) || self->folder == NULL)
    return;

  self->is_busy = TRUE;
  kith_profile_folder_unlock_async (self->folder, gtk_editable_get_text (self->row), NULL,
                                    unlocked_cb, g_object_ref (self));
  /* It is in memory that is wiped. */
  gtk_editable_set_text (self->row, "");
  set_hint (self, "", FALSE);
  /* The button that was pressed takes no focus while it is tried. */
  kith_lock_page_focus (self);
  update (self);
  /* Translators: said while it takes a moment */
  kith_announce (GTK_WIDGET (self), _("Checking the passphrase"));
}

static void
changed_cb (KithLockPage *self)
{
  kith_entry_state_complain (GTK_WIDGET (self->row), NULL, NULL);
  update (self);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_lock_page_dispose (GObject *object)
{
  KithLockPage *self = KITH_LOCK_PAGE (object);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_clear_handle_id (&self->shake_id, g_source_remove);
  g_clear_handle_id (&self->slow_id, g_source_remove);
  g_clear_object (&self->folder);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_LOCK_PAGE);

  G_OBJECT_CLASS (kith_lock_page_parent_class)->dispose (object);
}

static void
kith_lock_page_class_init (KithLockPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_lock_page_dispose;

  signals[SIGNAL_FAILED] = g_signal_new ("failed", KITH_TYPE_LOCK_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-lock-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithLockPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, KithLockPage, group);
  gtk_widget_class_bind_template_child (widget_class, KithLockPage, row);
  gtk_widget_class_bind_template_child (widget_class, KithLockPage, hint_label);
  gtk_widget_class_bind_template_child (widget_class, KithLockPage, unlock_button);
  gtk_widget_class_bind_template_child (widget_class, KithLockPage, button_stack);
  gtk_widget_class_bind_template_child (widget_class, KithLockPage, button_label);
  gtk_widget_class_bind_template_child (widget_class, KithLockPage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, unlock_cb);
}

static void
kith_lock_page_init (KithLockPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* It may have begun while the window was hidden. */
  g_signal_connect (self, "map", G_CALLBACK (watch_locking), NULL);
}

/**
 * kith_lock_page_set_folder:
 * @self: a page
 * @folder: (nullable): what to unlock
 * @label: (nullable): the name of the profile, when it is not the usual one
 */
void
kith_lock_page_set_folder (KithLockPage *self, KithProfileFolder *folder, const char *label)
{
  g_return_if_fail (KITH_IS_LOCK_PAGE (self));

  if (self->folder != NULL)
    g_signal_handlers_disconnect_by_data (self->folder, self);
  g_set_object (&self->folder, folder);
  adw_window_title_set_title (self->window_title, label != NULL ? label : "");
  if (folder != NULL)
    {
      g_signal_connect_object (folder, "notify::state", G_CALLBACK (state_changed_cb), self,
                               G_CONNECT_SWAPPED);
      start_pause (self);
    }
  watch_locking (self);
  update (self);
}

/**
 * kith_lock_page_focus:
 * @self: a page
 *
 * Puts the cursor into the passphrase.
 */
void
kith_lock_page_focus (KithLockPage *self)
{
  g_return_if_fail (KITH_IS_LOCK_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->row));
}
