/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-avatar.h"

#include "ui/kith-group-face.h"
#include "ui/kith-person-colour.h"

/* From here on the dot grows with the avatar. */
#define LARGE_PX 64

struct _KithAvatar
{
  AdwBin parent_instance;

  AdwAvatar *avatar;
  GtkWidget *dot;

  KithContact *contact;        /* (owned) (nullable) either this */
  KithGroup *group;            /* (owned) (nullable) or this */
  GSignalGroup *signals;       /* (owned) on contact */
  GSignalGroup *group_signals; /* (owned) on group */
  GSignalGroup *face_signals;  /* (owned) on what the group looks like */
};

enum
{
  PROP_0,
  PROP_SIZE,
  PROP_CONTACT,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (KithAvatar, kith_avatar, ADW_TYPE_BIN)

static void
update (KithAvatar *self)
{
  KithPresence presence;

  if (self->contact == NULL)
    {
      gtk_widget_set_visible (self->dot, FALSE);
      return;
    }

  presence = kith_contact_get_presence (self->contact);
  adw_avatar_set_text (self->avatar, kith_contact_get_display_name (self->contact));
  gtk_widget_set_visible (self->dot, presence != KITH_PRESENCE_OFFLINE);

  if (presence == KITH_PRESENCE_CONNECTING)
    gtk_widget_add_css_class (self->dot, "connecting");
  else
    gtk_widget_remove_css_class (self->dot, "connecting");
}

static void
update_group (KithAvatar *self)
{
  adw_avatar_set_text (self->avatar, kith_group_get_name (self->group));
}

static void
update_picture (KithAvatar *self)
{
  GdkTexture *texture = NULL;

  if (self->group != NULL)
    texture = kith_group_face_get_texture (kith_group_face_get (self->group));
  adw_avatar_set_custom_image (self->avatar, GDK_PAINTABLE (texture));
}

static void
kith_avatar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithAvatar *self = KITH_AVATAR (object);

  switch (prop_id)
    {
    case PROP_SIZE:
      g_value_set_int (value, adw_avatar_get_size (self->avatar));
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_NAME:
      g_value_set_string (value, adw_avatar_get_text (self->avatar));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_avatar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  KithAvatar *self = KITH_AVATAR (object);

  switch (prop_id)
    {
    case PROP_SIZE:
      adw_avatar_set_size (self->avatar, g_value_get_int (value));
      if (g_value_get_int (value) >= LARGE_PX)
        gtk_widget_add_css_class (self->dot, "large");
      break;
    case PROP_CONTACT:
      kith_avatar_set_contact (self, g_value_get_object (value));
      break;
    case PROP_NAME:
      kith_avatar_set_name (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_avatar_dispose (GObject *object)
{
  KithAvatar *self = KITH_AVATAR (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->group_signals);
  g_clear_object (&self->face_signals);
  g_clear_object (&self->contact);
  g_clear_object (&self->group);

  G_OBJECT_CLASS (kith_avatar_parent_class)->dispose (object);
}

static void
kith_avatar_class_init (KithAvatarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_avatar_get_property;
  object_class->set_property = kith_avatar_set_property;
  object_class->dispose = kith_avatar_dispose;

  properties[PROP_SIZE] = g_param_spec_int ("size", NULL, NULL, 16, 256, 40, flags);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "kithavatar");
  /* The name stands beside every avatar as text. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
kith_avatar_init (KithAvatar *self)
{
  GtkWidget *overlay = gtk_overlay_new ();

  self->avatar = ADW_AVATAR (adw_avatar_new (40, "", TRUE));
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->avatar));

  self->dot = adw_bin_new ();
  gtk_widget_add_css_class (self->dot, "presence");
  gtk_widget_set_halign (self->dot, GTK_ALIGN_END);
  gtk_widget_set_valign (self->dot, GTK_ALIGN_END);
  gtk_widget_set_visible (self->dot, FALSE);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->dot);

  adw_bin_set_child (ADW_BIN (self), overlay);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);

  self->signals = g_signal_group_new (KITH_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->signals, "notify::presence", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "notify::display-name", G_CALLBACK (update), self);
  self->group_signals = g_signal_group_new (KITH_TYPE_GROUP);
  g_signal_group_connect_swapped (self->group_signals, "notify::name", G_CALLBACK (update_group), self);
  self->face_signals = g_signal_group_new (KITH_TYPE_GROUP_FACE);
  g_signal_group_connect_swapped (self->face_signals, "notify::texture", G_CALLBACK (update_picture), self);
}

/* What it showed before is not shown any more. Returns: whether that was something else */
static gboolean
show (KithAvatar *self, KithContact *contact, KithGroup *group)
{
  gboolean changed = g_set_object (&self->contact, contact);

  changed |= g_set_object (&self->group, group);
  if (!changed)
    return FALSE;

  g_signal_group_set_target (self->signals, contact);
  g_signal_group_set_target (self->group_signals, group);
  g_signal_group_set_target (self->face_signals, group != NULL ? kith_group_face_get (group) : NULL);
  if (group != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "group");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "group");
  kith_person_colour_set (GTK_WIDGET (self), group != NULL ? kith_group_get_id_bytes (group)
                                             : contact != NULL ? kith_contact_get_identity (contact)
                                                               : NULL);
  update (self);
  update_picture (self);

  return TRUE;
}

/**
 * kith_avatar_set_contact:
 * @self: an avatar
 * @contact: (nullable): whom to show
 *
 * Follows the name and presence of @contact.
 */
void
kith_avatar_set_contact (KithAvatar *self, KithContact *contact)
{
  g_return_if_fail (KITH_IS_AVATAR (self));

  if (show (self, contact, NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTACT]);
}

/**
 * kith_avatar_set_name:
 * @self: an avatar
 * @name: (nullable): the name to take initials and colour from
 *
 * For somebody who is no contact: the user, or a stranger who asks.
 */
void
kith_avatar_set_name (KithAvatar *self, const char *name)
{
  g_return_if_fail (KITH_IS_AVATAR (self));

  adw_avatar_set_text (self->avatar, name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * kith_avatar_set_group:
 * @self: an avatar
 * @group: (nullable): what to show
 *
 * Follows the name and the picture of @group.
 */
void
kith_avatar_set_group (KithAvatar *self, KithGroup *group)
{
  g_return_if_fail (KITH_IS_AVATAR (self));

  if (show (self, NULL, group) && group != NULL)
    update_group (self);
}
