/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-group-link-dialog.h"

#include <glib/gi18n.h>

#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-qr-code.h"
#include "ui/kith-question.h"
#include "ui/kith-toast.h"

#define USUAL_TIME 0 /* for how long a link works */

struct _KithGroupLinkDialog
{
  AdwWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  GtkStack *stack;
  GtkWidget *make_button;
  GtkPicture *picture;
  GtkWidget *copy_button;
  GtkLabel *expires_label;
  GtkLabel *link_label;
  GtkWidget *revoke_button;

  KithNode *node;   /* (owned) (nullable) */
  KithGroup *group; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithGroupLinkDialog, kith_group_link_dialog, ADW_TYPE_WINDOW)

static void
show_link (KithGroupLinkDialog *self, const char *link)
{
  g_autoptr (KithQrCode) code = kith_qr_code_new (link);
  int width = code != NULL ? kith_qr_code_get_width (code) : 0;
  g_autofree char *until = kith_format_until (kith_group_get_link_expires_ms (self->group),
                                              kith_format_now_ms ());
  /* Translators: a day or a time of day */
  g_autofree char *words = g_strdup_printf (_("Works until %s"), until);

  gtk_picture_set_paintable (self->picture, code != NULL ? GDK_PAINTABLE (code) : NULL);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), width, width);
  gtk_widget_set_visible (GTK_WIDGET (self->picture), code != NULL);
  gtk_label_set_text (self->link_label, link);
  gtk_label_set_text (self->expires_label, words);
}

static void
update (KithGroupLinkDialog *self)
{
  const char *link = kith_group_get_link (self->group);

  if (link != NULL)
    show_link (self, link);
  gtk_stack_set_visible_child_name (self->stack, link != NULL ? "link" : "none");
  gtk_widget_set_sensitive (self->make_button, TRUE);
  gtk_widget_set_sensitive (self->revoke_button, TRUE);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupLinkDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = kith_node_group_finish (KITH_NODE (source), result, &error);

  if (self->node == NULL)
    return;

  update (self);
  if (ok)
    return;

  kith_toast_show_error (self->toast_overlay, error);
}

static void
make_cb (KithGroupLinkDialog *self)
{
  gtk_widget_set_sensitive (self->make_button, FALSE);
  kith_node_make_group_link_async (self->node, self->group, USUAL_TIME, NULL, done_cb,
                                   g_object_ref (self));
}

static void
copy_cb (KithGroupLinkDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          kith_group_get_link (self->group));
  /* Translators: to the clipboard */
  kith_toast_show (self->toast_overlay, _("Copied"));
}

static void
response_cb (GtkWidget *dialog, const char *response, KithGroupLinkDialog *self)
{
  if (!g_str_equal (response, "revoke") || self->node == NULL)
    return;

  gtk_widget_set_sensitive (self->revoke_button, FALSE);
  kith_node_revoke_group_link_async (self->node, self->group, NULL, done_cb, g_object_ref (self));
}

static void
revoke_clicked_cb (KithGroupLinkDialog *self)
{
  AdwMessageDialog *dialog = kith_question_new (
      GTK_WIDGET (self), _("Take the Link Back?"),
      _("Nobody can ask to join with it anymore. Who is in the group already stays in it."),
      "revoke", _("_Take Back"), ADW_RESPONSE_DESTRUCTIVE);

  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
kith_group_link_dialog_dispose (GObject *object)
{
  KithGroupLinkDialog *self = KITH_GROUP_LINK_DIALOG (object);

  if (self->group != NULL)
    g_signal_handlers_disconnect_by_data (self->group, self);
  g_clear_object (&self->group);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_GROUP_LINK_DIALOG);

  G_OBJECT_CLASS (kith_group_link_dialog_parent_class)->dispose (object);
}

static void
kith_group_link_dialog_class_init (KithGroupLinkDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_group_link_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/chat/kith/Kith/dialogs/kith-group-link-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithGroupLinkDialog, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, KithGroupLinkDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KithGroupLinkDialog, make_button);
  gtk_widget_class_bind_template_child (widget_class, KithGroupLinkDialog, picture);
  gtk_widget_class_bind_template_child (widget_class, KithGroupLinkDialog, copy_button);
  gtk_widget_class_bind_template_child (widget_class, KithGroupLinkDialog, expires_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupLinkDialog, link_label);
  gtk_widget_class_bind_template_child (widget_class, KithGroupLinkDialog, revoke_button);
  gtk_widget_class_bind_template_callback (widget_class, make_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, revoke_clicked_cb);
}

static void
kith_group_link_dialog_init (KithGroupLinkDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_group_link_dialog_new:
 * @parent: the window it belongs to
 * @node: who makes the link
 * @group: where it leads
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_group_link_dialog_new (GtkWindow *parent, KithNode *node, KithGroup *group)
{
  KithGroupLinkDialog *self
      = g_object_new (KITH_TYPE_GROUP_LINK_DIALOG, "transient-for", parent, NULL);

  self->node = g_object_ref (node);
  self->group = g_object_ref (group);
  g_signal_connect_object (group, "notify::link", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
