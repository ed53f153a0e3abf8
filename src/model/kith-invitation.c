/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-invitation.h"

#include "base/kith-secret.h"
#include "model/kith-property.h"

struct _KithInvitation
{
  GObject             parent_instance;
  char                *id; /* (owned) */
  char                *link; /* (owned) */
  char                *note; /* (owned) */
  gint64              created_ms;
  gint64              expires_ms;
  KithInvitationState state;
  char                *used_by; /* (owned) (nullable) */
  gboolean            misused;
};

G_DEFINE_FINAL_TYPE (KithInvitation, kith_invitation, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_LINK,
  PROP_NOTE,
  PROP_CREATED,
  PROP_EXPIRES,
  PROP_STATE,
  PROP_USED_BY,
  PROP_MISUSED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kith_invitation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithInvitation *self = KITH_INVITATION (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_LINK:
      g_value_set_string (value, self->link);
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    case PROP_CREATED:
      g_value_set_int64 (value, self->created_ms);
      break;
    case PROP_EXPIRES:
      g_value_set_int64 (value, self->expires_ms);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_USED_BY:
      g_value_set_string (value, self->used_by);
      break;
    case PROP_MISUSED:
      g_value_set_boolean (value, self->misused);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_invitation_finalize (GObject *object)
{
  KithInvitation *self = KITH_INVITATION (object);

  g_free (self->id);
  kith_secret_free_text (self->link); /* a secret, as in the store */
  g_free (self->note);
  g_free (self->used_by);

  G_OBJECT_CLASS (kith_invitation_parent_class)->finalize (object);
}

static void
kith_invitation_class_init (KithInvitationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_invitation_get_property;
  object_class->finalize = kith_invitation_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_LINK] = g_param_spec_string ("link", NULL, NULL, NULL, flags);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, flags);
  properties[PROP_CREATED] = g_param_spec_int64 ("created", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_EXPIRES] = g_param_spec_int64 ("expires", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE] =
    g_param_spec_uint ("state", NULL, NULL, 0, KITH_INVITATION_REVOKED, 0, flags);
  properties[PROP_USED_BY] = g_param_spec_string ("used-by", NULL, NULL, NULL, flags);
  properties[PROP_MISUSED] = g_param_spec_boolean ("misused", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_invitation_init (KithInvitation *self)
{
}

/**
 * kith_invitation_new:
 * @id: 16 hex digits
 * @link: the link
 * @note: (nullable): for whom it is
 * @created_ms: when it was made, in ms since 1970
 * @expires_ms: until when it can be used, in ms since 1970
 *
 * Returns: (transfer full): an invite that is live
 */
KithInvitation *
kith_invitation_new (const char *id, const char *link, const char *note, gint64 created_ms,
                     gint64 expires_ms)
{
  KithInvitation *self = g_object_new (KITH_TYPE_INVITATION, NULL);

  self->id = g_strdup (id);
  self->link = g_strdup (link);
  self->note = g_strdup (note != NULL ? note : "");
  self->created_ms = created_ms;
  self->expires_ms = expires_ms;
  return self;
}

/**
 * kith_invitation_get_id:
 * @self: an invitation
 *
 * Returns: (transfer none): 16 hex digits
 */
const char *
kith_invitation_get_id (KithInvitation *self)
{
  return self->id;
}

/**
 * kith_invitation_get_link:
 * @self: an invitation
 *
 * Returns: (transfer none): the link; empty when it is not live any more
 */
const char *
kith_invitation_get_link (KithInvitation *self)
{
  return self->link;
}

/**
 * kith_invitation_set_link:
 * @self: an invitation
 * @link: the link; empty when it is not live any more
 */
void
kith_invitation_set_link (KithInvitation *self, const char *link)
{
  kith_property_set_text (self, &self->link, link != NULL ? link : "", properties[PROP_LINK]);
}

/**
 * kith_invitation_get_note:
 * @self: an invitation
 *
 * Returns: (transfer none): for whom it is; may be empty
 */
const char *
kith_invitation_get_note (KithInvitation *self)
{
  return self->note;
}

/**
 * kith_invitation_get_created_ms:
 * @self: an invitation
 *
 * Returns: when it was made, in ms since 1970
 */
gint64
kith_invitation_get_created_ms (KithInvitation *self)
{
  return self->created_ms;
}

/**
 * kith_invitation_get_expires_ms:
 * @self: an invitation
 *
 * Returns: until when it can be used, in ms since 1970
 */
gint64
kith_invitation_get_expires_ms (KithInvitation *self)
{
  return self->expires_ms;
}

/**
 * kith_invitation_get_state:
 * @self: an invitation
 *
 * Returns: whether it can be used
 */
KithInvitationState
kith_invitation_get_state (KithInvitation *self)
{
  return self->state;
}

/**
 * kith_invitation_set_state:
 * @self: an invitation
 * @state: whether it can be used
 */
void
kith_invitation_set_state (KithInvitation *self, KithInvitationState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * kith_invitation_get_used_by:
 * @self: an invitation
 *
 * Returns: (transfer none) (nullable): the ID string of who used it
 */
const char *
kith_invitation_get_used_by (KithInvitation *self)
{
  return self->used_by;
}

/**
 * kith_invitation_set_used_by:
 * @self: an invitation
 * @used_by: (nullable): the ID string of who used it
 */
void
kith_invitation_set_used_by (KithInvitation *self, const char *used_by)
{
  kith_property_set_text (self, &self->used_by, used_by, properties[PROP_USED_BY]);
}

/**
 * kith_invitation_get_misused:
 * @self: an invitation
 *
 * Returns: whether somebody else tried to use it as well
 */
gboolean
kith_invitation_get_misused (KithInvitation *self)
{
  return self->misused;
}

/**
 * kith_invitation_set_misused:
 * @self: an invitation
 * @misused: whether somebody else tried to use it as well
 */
void
kith_invitation_set_misused (KithInvitation *self, gboolean misused)
{
  kith_property_set_flag (self, &self->misused, misused, properties[PROP_MISUSED]);
}
