/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-invite-page.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "ui/kith-invite-words.h"
#include "ui/kith-qr-code.h"
#include "ui/kith-question.h"

struct _KithInvitePage
{
  AdwBin parent_instance;

  GtkWidget *live_box;
  GtkPicture *picture;
  GtkLabel *link_label;
  GtkWidget *copy_button;
  GtkWidget *misused_box;
  GtkImage *over_image;
  GtkLabel *state_label;
  GtkButton *revoke_button;

  KithNode *node;             /* (owned) (nullable) */
  KithInvitation *invitation; /* (owned) (nullable) */
};

enum
{
  SIGNAL_SAID,
  SIGNAL_LEFT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithInvitePage, kith_invite_page, ADW_TYPE_BIN)

static gboolean
is_live (KithInvitePage *self)
{
  return kith_invitation_get_state (self->invitation) == KITH_INVITATION_LIVE;
}

static void
show_link (KithInvitePage *self)
{
  const char *link = is_live (self) ? kith_invitation_get_link (self->invitation) : "";
  g_autoptr (KithQrCode) code = *link != '\0' ? kith_qr_code_new (link) : NULL;
  int width = code != NULL ? kith_qr_code_get_width (code) : 0;

  gtk_picture_set_paintable (self->picture, code != NULL ? GDK_PAINTABLE (code) : NULL);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), width, width);
  gtk_widget_set_visible (GTK_WIDGET (self->picture), code != NULL);
  gtk_label_set_text (self->link_label, link);
}

static void
update (KithInvitePage *self)
{
  g_autofree char *state = kith_invite_words_dup_state (self->invitation, self->node);
  gboolean used = kith_invitation_get_state (self->invitation) == KITH_INVITATION_USED;

  show_link (self);
  gtk_label_set_text (self->state_label, state);
  gtk_widget_set_visible (self->live_box, is_live (self));
  gtk_widget_set_visible (self->misused_box, kith_invitation_get_misused (self->invitation));
  gtk_widget_set_visible (GTK_WIDGET (self->over_image), !is_live (self));
  gtk_image_set_from_icon_name (self->over_image, used ? "kith-read-symbolic"
                                                       : "kith-failed-symbolic");
  gtk_button_set_label (self->revoke_button,
                        is_live (self) ? _("Take Back…") : _("Remove from the List"));
}

static void
copy_cb (KithInvitePage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          kith_invitation_get_link (self->invitation));
  g_signal_emit (self, signals[SIGNAL_SAID], 0, _("Copied"));
}

/* --- Taking back ---------------------------------------------------------------------------- */

static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithInvitePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (kith_node_revoke_invite_finish (KITH_NODE (source), result, &error) || self->node == NULL)
    return;

  words = kith_explain_error (error);
  g_signal_emit (self, signals[SIGNAL_SAID], 0, words);
}

static void
take_back (KithInvitePage *self)
{
  gboolean was_live = is_live (self);

  kith_node_revoke_invite_async (self->node, self->invitation, NULL, revoked_cb,
                                 g_object_ref (self));
  if (!was_live)
    g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

static void
response_cb (GtkWidget *dialog, const char *response, KithInvitePage *self)
{
  KithInvitation *asked = g_object_get_data (G_OBJECT (dialog), "invitation");

  if (g_str_equal (response, "revoke") && asked == self->invitation && is_live (self))
    take_back (self);
}

static void
revoke_clicked_cb (KithInvitePage *self)
{
  AdwMessageDialog *dialog;

  if (!is_live (self))
    {
      take_back (self);
      return;
    }

  dialog = kith_question_new (GTK_WIDGET (self), _("Take the Link Back?"),
                              _("Nobody can use it anymore, not even the one you gave it to. "
                                "This cannot be undone, but you can make a new one."),
                              "revoke", _("_Take Back"), ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "invitation", g_object_ref (self->invitation),
                          g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
drop (KithInvitePage *self)
{
  if (self->invitation != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->invitation, self);
      g_signal_handlers_disconnect_by_data (self->node, self);
    }
  g_clear_object (&self->invitation);
  g_clear_object (&self->node);
}

static void
kith_invite_page_dispose (GObject *object)
{
  KithInvitePage *self = KITH_INVITE_PAGE (object);

  drop (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_INVITE_PAGE);

  G_OBJECT_CLASS (kith_invite_page_parent_class)->dispose (object);
}

static void
kith_invite_page_class_init (KithInvitePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_invite_page_dispose;

  signals[SIGNAL_SAID] = g_signal_new ("said", KITH_TYPE_INVITE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_LEFT] = g_signal_new ("left", KITH_TYPE_INVITE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-invite-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KithInvitePage, live_box);
  gtk_widget_class_bind_template_child (widget_class, KithInvitePage, picture);
  gtk_widget_class_bind_template_child (widget_class, KithInvitePage, link_label);
  gtk_widget_class_bind_template_child (widget_class, KithInvitePage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, KithInvitePage, misused_box);
  gtk_widget_class_bind_template_child (widget_class, KithInvitePage, over_image);
  gtk_widget_class_bind_template_child (widget_class, KithInvitePage, state_label);
  gtk_widget_class_bind_template_child (widget_class, KithInvitePage, revoke_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, revoke_clicked_cb);
}

static void
kith_invite_page_init (KithInvitePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_invite_page_set_invitation:
 * @self: a page
 * @node: who made it
 * @invitation: what to show
 *
 * Shows an invite and follows what becomes of it. The cursor goes to the button that copies it.
 */
void
kith_invite_page_set_invitation (KithInvitePage *self, KithNode *node, KithInvitation *invitation)
{
  g_return_if_fail (KITH_IS_INVITE_PAGE (self));
  g_return_if_fail (KITH_IS_INVITATION (invitation));

  drop (self);
  self->node = g_object_ref (node);
  self->invitation = g_object_ref (invitation);
  g_signal_connect_object (invitation, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  /* Only then the one who used it has a name. */
  g_signal_connect_object (node, "invitation-used", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  if (is_live (self))
    gtk_widget_grab_focus (self->copy_button);
}
