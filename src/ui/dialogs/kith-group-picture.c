/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-group-picture.h"

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "node/kith-node-groups.h"
#include "node/kith-small-picture.h"
#include "ui/kith-avatar.h"
#include "ui/kith-chooser.h"

#define SIZE_PX 96

struct _KithGroupPicture
{
  AdwBin parent_instance;

  KithAvatar *avatar;
  GtkMenuButton *button;         /* over the avatar, for the admin */
  GSimpleAction *remove_action;  /* (owned) */

  KithNode *node;                /* (owned) (nullable) */
  KithGroup *group;              /* (owned) (nullable) */
  GCancellable *cancellable;     /* (owned): until we go */
};

enum
{
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithGroupPicture, kith_group_picture, ADW_TYPE_BIN)

static void
update (KithGroupPicture *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->button),
                          kith_group_is_admin (self->group) && kith_group_is_member (self->group));
  g_simple_action_set_enabled (self->remove_action, kith_group_get_picture (self->group) != NULL);
}

/* --- Changing it ---------------------------------------------------------------------------- */

static void
say (KithGroupPicture *self, const char *words)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, words);
}

static void
say_error (KithGroupPicture *self, const GError *error)
{
  g_autofree char *words = kith_explain_error (error);

  if (self->node != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    say (self, words);
}

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupPicture) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_group_finish (KITH_NODE (source), result, &error))
    say_error (self, error);
}

static void
set_picture (KithGroupPicture *self, GBytes *picture)
{
  kith_node_set_group_picture_async (self->node, self->group, picture, NULL, set_cb,
                                     g_object_ref (self));
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupPicture) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = kith_small_picture_make_finish (result, &error);

  if (picture != NULL && self->node != NULL)
    set_picture (self, picture);
  else if (picture == NULL && error->domain == KITH_ERROR && self->node != NULL)
    say (self, error->message);
  else if (picture == NULL)
    say_error (self, error);
}

static void
remove_cb (KithGroupPicture *self)
{
  if (self->node != NULL)
    set_picture (self, NULL);
}

/* --- Choosing one --------------------------------------------------------------------------- */

static void
chosen_cb (gpointer owner, GFile *file, gpointer user_data)
{
  KithGroupPicture *self = owner;
  g_autofree char *path = g_file_get_path (file);

  if (self->node == NULL)
    return;

  if (path != NULL)
    kith_small_picture_make_async (path, self->cancellable, made_cb, g_object_ref (self));
  else
    say (self, _("Only files of this computer can be chosen"));
}

static void
choose_cb (KithGroupPicture *self)
{
  kith_chooser_open (GTK_WIDGET (self), KITH_CHOOSER_PICTURE, _("Picture of the Group"), _("_Choose"), chosen_cb,
                     NULL, NULL);
}

/* The avatar itself can be clicked as well. */
static void
released_cb (KithGroupPicture *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self->button)))
    gtk_menu_button_popup (self->button);
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_group_picture_dispose (GObject *object)
{
  KithGroupPicture *self = KITH_GROUP_PICTURE (object);

  g_cancellable_cancel (self->cancellable);
  if (self->group != NULL)
    g_signal_handlers_disconnect_by_data (self->group, self);
  g_clear_object (&self->group);
  g_clear_object (&self->node);

  G_OBJECT_CLASS (kith_group_picture_parent_class)->dispose (object);
}

static void
kith_group_picture_finalize (GObject *object)
{
  KithGroupPicture *self = KITH_GROUP_PICTURE (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->remove_action);

  G_OBJECT_CLASS (kith_group_picture_parent_class)->finalize (object);
}

static void
kith_group_picture_class_init (KithGroupPictureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kith_group_picture_dispose;
  object_class->finalize = kith_group_picture_finalize;

  signals[SIGNAL_FAILED] = g_signal_new ("failed", KITH_TYPE_GROUP_PICTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
add_actions (KithGroupPicture *self)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) choose = g_simple_action_new ("choose", NULL);

  self->remove_action = g_simple_action_new ("remove", NULL);
  g_signal_connect_object (choose, "activate", G_CALLBACK (choose_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->remove_action, "activate", G_CALLBACK (remove_cb), self,
                           G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (choose));
  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (self->remove_action));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "picture", G_ACTION_GROUP (actions));
}

static void
add_button (KithGroupPicture *self, GtkOverlay *overlay)
{
  GtkWidget *button = gtk_menu_button_new ();
  g_autoptr (GMenu) menu = g_menu_new ();

  g_menu_append (menu, _("Choose a Picture…"), "picture.choose");
  g_menu_append (menu, _("Remove the Picture"), "picture.remove");
  self->button = GTK_MENU_BUTTON (button);
  gtk_menu_button_set_icon_name (self->button, "document-edit-symbolic");
  gtk_menu_button_set_menu_model (self->button, G_MENU_MODEL (menu));
  gtk_widget_set_tooltip_text (button, _("Change the Picture"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Change the picture"), -1);
  gtk_widget_add_css_class (button, "picture-button");
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_valign (button, GTK_ALIGN_END);
  gtk_overlay_add_overlay (overlay, button);
}

static void
kith_group_picture_init (KithGroupPicture *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->cancellable = g_cancellable_new ();
  self->avatar = g_object_new (KITH_TYPE_AVATAR, "size", SIZE_PX, NULL);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->avatar));
  add_actions (self);
  add_button (self, GTK_OVERLAY (overlay));
  g_signal_connect_object (click, "released", G_CALLBACK (released_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->avatar), GTK_EVENT_CONTROLLER (click));
  adw_bin_set_child (ADW_BIN (self), overlay);
}

/**
 * kith_group_picture_set_group:
 * @self: a picture
 * @node: whose group
 * @group: what to show; set once
 */
void
kith_group_picture_set_group (KithGroupPicture *self, KithNode *node, KithGroup *group)
{
  g_return_if_fail (KITH_IS_GROUP_PICTURE (self) && self->group == NULL);

  self->node = g_object_ref (node);
  self->group = g_object_ref (group);
  kith_avatar_set_group (self->avatar, group);
  g_signal_connect_object (group, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
