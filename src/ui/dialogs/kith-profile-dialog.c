/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-profile-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-avatar.h"
#include "ui/kith-entry-state.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-name-input.h"
#include "ui/kith-toast.h"
#include "ui/kith-typed.h"

struct _KithProfileDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  KithAvatar *avatar;
  GtkEditable *name_row;
  AdwActionRow *id_row;
  GtkLabel *hint_label;

  KithNode *node; /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithProfileDialog, kith_profile_dialog, ADW_TYPE_WINDOW)

static void
changed_cb (KithProfileDialog *self)
{
  const char *complaint;

  kith_name_input_check (gtk_editable_get_text (self->name_row), &complaint);

  gtk_label_set_text (self->hint_label,
                      complaint != NULL ? complaint
                                        : _("Friends see your name. Your ID is what really tells "
                                            "you apart from everybody else; it never changes."));
  kith_entry_state_complain (GTK_WIDGET (self->name_row), complaint, GTK_WIDGET (self->hint_label));
}

static void
show_profile (KithProfileDialog *self)
{
  KithProfile *profile = kith_node_get_profile (self->node);

  gtk_editable_set_text (self->name_row, kith_profile_get_name (profile));
  kith_typed_done (GTK_WIDGET (self->name_row)); /* nothing yet when the dialog is made */
  kith_avatar_set_name (self->avatar, kith_profile_get_name (profile));
}

static void
set_name_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_set = kith_node_set_name_finish (KITH_NODE (source), result, &error);
  g_autoptr (KithProfileDialog) self = kith_typed_end (user_data, is_set);
  g_autofree char *words = NULL;

  if (is_set)
    words = g_strdup (_("Name changed"));
  else
    words = kith_explain_error (error);

  if (self->node == NULL)
    return;

  kith_toast_show (self->toast_overlay, words);
  show_profile (self);
}

static void
applied_cb (KithProfileDialog *self)
{
  const char *name = gtk_editable_get_text (self->name_row);
  const char *complaint;

  if (!kith_name_input_check (name, &complaint))
    {
      kith_toast_show (self->toast_overlay,
                       complaint != NULL ? complaint
                                         : _("A name needs at least one letter that can be seen"));
      show_profile (self);
      return;
    }

  kith_node_set_name_async (self->node, name, NULL, set_name_cb,
                            kith_typed_begin (GTK_WIDGET (self->name_row)));
}

static void
copy_cb (KithProfileDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          kith_profile_get_id (kith_node_get_profile (self->node)));
  kith_toast_show (self->toast_overlay, _("ID copied"));
}

static void
kith_profile_dialog_dispose (GObject *object)
{
  KithProfileDialog *self = KITH_PROFILE_DIALOG (object);

  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_PROFILE_DIALOG);

  G_OBJECT_CLASS (kith_profile_dialog_parent_class)->dispose (object);
}

static void
kith_profile_dialog_class_init (KithProfileDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_profile_dialog_dispose;

  g_type_ensure (KITH_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-profile-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithProfileDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithProfileDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, KithProfileDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, KithProfileDialog, id_row);
  gtk_widget_class_bind_template_child (widget_class, KithProfileDialog, hint_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
kith_profile_dialog_init (KithProfileDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_profile_dialog_new:
 * @parent: the window it belongs to
 * @node: whose profile; has one
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_profile_dialog_new (GtkWindow *parent, KithNode *node)
{
  KithProfileDialog *self = g_object_new (KITH_TYPE_PROFILE_DIALOG, "transient-for", parent, NULL);
  g_autofree char *id = kith_format_id (kith_profile_get_id (kith_node_get_profile (node)), 2);

  self->node = g_object_ref (node);
  adw_action_row_set_subtitle (self->id_row, id);
  show_profile (self);
  kith_typed_watch (GTK_WIDGET (self->name_row), node, "profile-name");
  kith_typed_put_back (GTK_WIDGET (self->name_row));
  changed_cb (self);

  return GTK_WIDGET (self);
}
