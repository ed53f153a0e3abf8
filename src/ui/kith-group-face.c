/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-group-face.h"

#include "base/kith-limits.h"
#include "ui/kith-picture-loader.h"

struct _KithGroupFace
{
  GObject parent_instance;

  KithGroup *group;          /* (unowned): we belong to it */
  GBytes *shown;             /* (owned) (nullable) what the texture was made of, or is being made of */
  GdkTexture *texture;       /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) (nullable) while it is decoded */
};

enum
{
  PROP_0,
  PROP_TEXTURE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (KithGroupFace, kith_group_face, G_TYPE_OBJECT)

static void
stop (KithGroupFace *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
set_texture (KithGroupFace *self, GdkTexture *texture)
{
  if (g_set_object (&self->texture, texture))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXTURE]);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupFace) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithPicture) picture
      = kith_picture_loader_load_finish (KITH_PICTURE_LOADER (source), result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;

  g_clear_object (&self->cancellable);
  set_texture (self, picture != NULL ? kith_picture_get_frame (picture, 0) : NULL);
  /* It was dropped because too many others were wanted: whoever shows it next asks again. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_pointer (&self->shown, g_bytes_unref);
}

/* What is shown stays until the next is there. */
static void
update (KithGroupFace *self)
{
  GBytes *bytes = self->group != NULL ? kith_group_get_picture (self->group) : NULL;
  KithPictureSource source = { .bytes = bytes };

  if (bytes == self->shown)
    return;

  stop (self);
  g_clear_pointer (&self->shown, g_bytes_unref);
  if (bytes == NULL)
    {
      set_texture (self, NULL);
      return;
    }

  self->shown = g_bytes_ref (bytes);
  self->cancellable = g_cancellable_new ();
  kith_picture_loader_load_async (kith_picture_loader_get_default (), &source,
                                  KITH_LIMIT_GROUP_PICTURE_PIXELS, 1, self->cancellable, loaded_cb,
                                  g_object_ref (self));
}

/* --- Object --------------------------------------------------------------------------------- */

static void
kith_group_face_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithGroupFace *self = KITH_GROUP_FACE (object);

  switch (prop_id)
    {
    case PROP_TEXTURE:
      g_value_set_object (value, self->texture);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_group_face_finalize (GObject *object)
{
  KithGroupFace *self = KITH_GROUP_FACE (object);

  stop (self);
  g_clear_pointer (&self->shown, g_bytes_unref);
  g_clear_object (&self->texture);

  G_OBJECT_CLASS (kith_group_face_parent_class)->finalize (object);
}

static void
kith_group_face_class_init (KithGroupFaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kith_group_face_get_property;
  object_class->finalize = kith_group_face_finalize;

  properties[PROP_TEXTURE] = g_param_spec_object ("texture", NULL, NULL, GDK_TYPE_TEXTURE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_group_face_init (KithGroupFace *self)
{
}

/* --- Whose ---------------------------------------------------------------------------------- */

/* The group has gone. */
static void
let_go (gpointer data)
{
  g_autoptr (KithGroupFace) self = data;

  self->group = NULL;
  stop (self);
}

/**
 * kith_group_face_get:
 * @group: a group
 *
 * Returns: (transfer none): what it looks like: the same for everybody who asks
 */
KithGroupFace *
kith_group_face_get (KithGroup *group)
{
  static const char key[] = "kith-group-face";
  KithGroupFace *self = g_object_get_data (G_OBJECT (group), key);

  g_return_val_if_fail (KITH_IS_GROUP (group), NULL);

  if (self == NULL)
    {
      self = g_object_new (KITH_TYPE_GROUP_FACE, NULL);
      self->group = group;
      g_object_set_data_full (G_OBJECT (group), key, self, let_go);
      g_signal_connect_object (group, "notify::picture", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
    }
  update (self);

  return self;
}

/**
 * kith_group_face_get_texture:
 * @self: what a group looks like
 *
 * Returns: (transfer none) (nullable): its picture
 */
GdkTexture *
kith_group_face_get_texture (KithGroupFace *self)
{
  g_return_val_if_fail (KITH_IS_GROUP_FACE (self), NULL);

  return self->texture;
}
