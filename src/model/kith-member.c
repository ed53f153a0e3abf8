/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-member.h"

#include <string.h>

#include "model/kith-property.h"

struct _KithMember
{
  GObject      parent_instance;
  guint8       identity[KITH_IDENTITY_BYTES];
  char        *id;       /* (owned) */
  KithContact *contact;  /* (owned) (nullable): NULL is ourselves */
  char        *own_name; /* (owned) (nullable): of ourselves */
  gint64       joined_ms;
  gboolean     admin;
  gboolean     current;
  gboolean     endorsed;
};

G_DEFINE_FINAL_TYPE (KithMember, kith_member, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_CONTACT,
  PROP_NAME,
  PROP_ADMIN,
  PROP_SELF,
  PROP_JOINED,
  PROP_ONLINE,
  PROP_CURRENT,
  PROP_ENDORSED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (KithMember *self, guint prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
kith_member_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithMember *self = KITH_MEMBER (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_NAME:
      g_value_set_string (value, kith_member_get_name (self));
      break;
    case PROP_ADMIN:
      g_value_set_boolean (value, self->admin);
      break;
    case PROP_SELF:
      g_value_set_boolean (value, kith_member_is_self (self));
      break;
    case PROP_JOINED:
      g_value_set_int64 (value, self->joined_ms);
      break;
    case PROP_ONLINE:
      g_value_set_boolean (value, kith_member_get_online (self));
      break;
    case PROP_CURRENT:
      g_value_set_boolean (value, self->current);
      break;
    case PROP_ENDORSED:
      g_value_set_boolean (value, self->endorsed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
display_name_cb (KithMember *self)
{
  notify (self, PROP_NAME);
}

static void
presence_cb (KithMember *self)
{
  notify (self, PROP_ONLINE);
}

static void
drop_contact (KithMember *self)
{
  if (self->contact != NULL)
    g_signal_handlers_disconnect_by_data (self->contact, self);
  g_clear_object (&self->contact);
}

static void
kith_member_dispose (GObject *object)
{
  drop_contact (KITH_MEMBER (object));

  G_OBJECT_CLASS (kith_member_parent_class)->dispose (object);
}

static void
kith_member_finalize (GObject *object)
{
  KithMember *self = KITH_MEMBER (object);

  g_free (self->id);
  g_free (self->own_name);

  G_OBJECT_CLASS (kith_member_parent_class)->finalize (object);
}

static void
kith_member_class_init (KithMemberClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_member_get_property;
  object_class->dispose = kith_member_dispose;
  object_class->finalize = kith_member_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, KITH_TYPE_CONTACT, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ADMIN] = g_param_spec_boolean ("admin", NULL, NULL, FALSE, flags);
  properties[PROP_SELF] = g_param_spec_boolean ("self", NULL, NULL, FALSE, flags);
  properties[PROP_JOINED] = g_param_spec_int64 ("joined", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, flags);
  properties[PROP_CURRENT] = g_param_spec_boolean ("current", NULL, NULL, FALSE, flags);
  properties[PROP_ENDORSED] = g_param_spec_boolean ("endorsed", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kith_member_init (KithMember *self)
{
}

static void set_contact (KithMember *self, KithContact *contact);

/**
 * kith_member_new:
 * @identity: the identity key
 * @id: the ID string of that
 * @contact: (transfer none) (nullable): who it is; %NULL for ourselves
 * @own_name: (nullable): what we call ourselves, if it is ourselves
 *
 * Returns: (transfer full): a member, not yet a current one
 */
KithMember *
kith_member_new (const guint8 identity[KITH_IDENTITY_BYTES], const char *id, KithContact *contact,
                 const char *own_name)
{
  KithMember *self = g_object_new (KITH_TYPE_MEMBER, NULL);

  memcpy (self->identity, identity, sizeof self->identity);
  self->id = g_strdup (id);
  self->own_name = g_strdup (own_name);
  if (contact != NULL)
    set_contact (self, contact);
  return self;
}

/**
 * kith_member_get_identity:
 * @self: a member
 *
 * Returns: (transfer none): the identity key, 32 bytes
 */
const guint8 *
kith_member_get_identity (KithMember *self)
{
  return self->identity;
}

/**
 * kith_member_get_id:
 * @self: a member
 *
 * Returns: (transfer none): the ID string
 */
const char *
kith_member_get_id (KithMember *self)
{
  return self->id;
}

/**
 * kith_member_get_contact:
 * @self: a member
 *
 * Returns: (transfer none) (nullable): who it is; %NULL for ourselves
 */
KithContact *
kith_member_get_contact (KithMember *self)
{
  return self->contact;
}

static void
set_contact (KithMember *self, KithContact *contact)
{
  if (self->contact == contact)
    return;

  drop_contact (self);
  self->contact = g_object_ref (contact);
  g_signal_connect_object (contact, "notify::display-name", G_CALLBACK (display_name_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (contact, "notify::presence", G_CALLBACK (presence_cb), self,
                           G_CONNECT_SWAPPED);
  notify (self, PROP_CONTACT);
  notify (self, PROP_NAME);
  notify (self, PROP_ONLINE);
}

/**
 * kith_member_get_name:
 * @self: a member
 *
 * Returns: (transfer none): what they are shown as
 */
const char *
kith_member_get_name (KithMember *self)
{
  if (self->contact != NULL)
    return kith_contact_get_display_name (self->contact);

  return self->own_name != NULL ? self->own_name : "";
}

/**
 * kith_member_set_own_name:
 * @self: ourselves
 * @name: what we call ourselves
 */
void
kith_member_set_own_name (KithMember *self, const char *name)
{
  kith_property_set_text (self, &self->own_name, name, properties[PROP_NAME]);
}

/**
 * kith_member_is_self:
 * @self: a member
 *
 * Returns: whether it is ourselves
 */
gboolean
kith_member_is_self (KithMember *self)
{
  return self->contact == NULL;
}

/**
 * kith_member_get_admin:
 * @self: a member
 *
 * Returns: whether they are the admin
 */
gboolean
kith_member_get_admin (KithMember *self)
{
  return self->admin;
}

/**
 * kith_member_set_admin:
 * @self: a member
 * @admin: whether they are the admin
 */
void
kith_member_set_admin (KithMember *self, gboolean admin)
{
  kith_property_set_flag (self, &self->admin, admin, properties[PROP_ADMIN]);
}

/**
 * kith_member_get_joined_ms:
 * @self: a member
 *
 * Returns: when they were added, in ms since 1970; 0 = not known
 */
gint64
kith_member_get_joined_ms (KithMember *self)
{
  return self->joined_ms;
}

/**
 * kith_member_set_joined_ms:
 * @self: a member
 * @time_ms: when they were added, in ms since 1970
 */
void
kith_member_set_joined_ms (KithMember *self, gint64 time_ms)
{
  if (self->joined_ms == time_ms)
    return;

  self->joined_ms = time_ms;
  notify (self, PROP_JOINED);
}

/**
 * kith_member_get_online:
 * @self: a member
 *
 * Returns: whether we are connected with them, or they are ourselves
 */
gboolean
kith_member_get_online (KithMember *self)
{
  return self->contact == NULL
         || kith_contact_get_presence (self->contact) == KITH_PRESENCE_ONLINE;
}

/**
 * kith_member_get_current:
 * @self: a member
 *
 * Returns: whether they are in the group now
 */
gboolean
kith_member_get_current (KithMember *self)
{
  return self->current;
}

/**
 * kith_member_set_current:
 * @self: a member
 * @current: whether they are in the group now
 */
void
kith_member_set_current (KithMember *self, gboolean current)
{
  kith_property_set_flag (self, &self->current, current, properties[PROP_CURRENT]);
}

/**
 * kith_member_get_endorsed:
 * @self: a member
 *
 * Returns: whether we said that they should become admin
 */
gboolean
kith_member_get_endorsed (KithMember *self)
{
  return self->endorsed;
}

/**
 * kith_member_set_endorsed:
 * @self: a member
 * @endorsed: whether we said that they should become admin
 */
void
kith_member_set_endorsed (KithMember *self, gboolean endorsed)
{
  kith_property_set_flag (self, &self->endorsed, endorsed, properties[PROP_ENDORSED]);
}
