/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-private.h"
#include "node/kith-node-sessions.h"

#include <string.h>

#include "base/kith-source.h"
#include "base/kith-table-hash.h"
#include "node/kith-dial-back.h"
#include "node/kith-expiry.h"
#include "node/kith-group-host.h"
#include "node/kith-group-links-private.h"
#include "node/kith-namesakes.h"
#include "node/kith-networking.h"
#include "node/kith-node-clock.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-learn.h"
#include "node/kith-node-requests.h"
#include "node/kith-transfers.h"

G_DEFINE_FINAL_TYPE (KithNode, kith_node, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PROFILE,
  PROP_LISTENING,
  PROP_LISTEN_PORT,
  PROP_CONTACTS,
  PROP_CONVERSATIONS,
  PROP_REQUESTS,
  N_PROPS
};

enum
{
  SIGNAL_MESSAGE_ADDED,
  SIGNAL_MESSAGE_CHANGED,
  SIGNAL_MESSAGE_EVENT,
  SIGNAL_REQUEST_ADDED,
  SIGNAL_REQUEST_REMOVED,
  SIGNAL_CONTACT_CHANGED,
  SIGNAL_WORDS_CHANGED,
  SIGNAL_INVITATION_USED,
  SIGNAL_INVITATION_MISUSED,
  SIGNAL_WARNING,
  SIGNAL_GROUP_CHANGED,
  SIGNAL_MEMBER_CHANGED,
  SIGNAL_GROUP_REQUEST,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static guint
device_hash (gconstpointer device)
{
  return kith_table_hash (device, KITH_DEVICE_ID_BYTES);
}

static gboolean
device_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, KITH_DEVICE_ID_BYTES) == 0;
}

static guint
tag_hash (gconstpointer tag)
{
  return kith_table_hash (tag, KITH_KNOCK_TAG_BYTES);
}

static gboolean
tag_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, KITH_KNOCK_TAG_BYTES) == 0;
}

/* --- Events --------------------------------------------------------------------------------- */

void
kith_node_emit_message_added (KithNode *self, KithConversation *conversation, KithMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE_ADDED], 0, conversation, message);
}

void
kith_node_emit_message_changed (KithNode *self, KithConversation *conversation, KithMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE_CHANGED], 0, conversation, message);
}

/* @who: (nullable): NULL is ourselves. @text: (nullable) */
void
kith_node_emit_message_event (KithNode *self, KithConversation *conversation, KithMessageEvent event,
                              const char *id, KithContact *who, const char *text)
{
  const char *name = kith_message_event_to_string (event);

  g_signal_emit (self, signals[SIGNAL_MESSAGE_EVENT], g_quark_from_static_string (name), conversation,
                 name, id, who, text);
}

void
kith_node_emit_request_added (KithNode *self, KithRequest *request)
{
  g_signal_emit (self, signals[SIGNAL_REQUEST_ADDED], 0, request);
}

void
kith_node_emit_request_removed (KithNode *self, KithRequest *request)
{
  g_signal_emit (self, signals[SIGNAL_REQUEST_REMOVED], 0, request);
}

void
kith_node_emit_contact_changed (KithNode *self, KithContact *contact, KithContactChange change)
{
  const char *name = kith_contact_change_to_string (change);

  if (change != KITH_CONTACT_CHANGE_PRESENCE && change != KITH_CONTACT_CHANGE_TYPING)
    kith_namesakes_note (self, kith_contact_get_identity (contact));
  g_signal_emit (self, signals[SIGNAL_CONTACT_CHANGED], g_quark_from_static_string (name), contact, name);
}

void
kith_node_emit_words_changed (KithNode *self, KithComparison *comparison)
{
  g_signal_emit (self, signals[SIGNAL_WORDS_CHANGED], 0, comparison);
}

void
kith_node_emit_invitation_used (KithNode *self, KithInvitation *invitation, KithRequest *request)
{
  g_signal_emit (self, signals[SIGNAL_INVITATION_USED], 0, invitation, request);
}

void
kith_node_emit_invitation_misused (KithNode *self, KithInvitation *invitation)
{
  g_signal_emit (self, signals[SIGNAL_INVITATION_MISUSED], 0, invitation);
}

void
kith_node_emit_warning (KithNode *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_WARNING], 0, error);
}

void
kith_node_emit_group_changed (KithNode *self, KithGroup *group, KithGroupChange change)
{
  const char *name = kith_group_change_to_string (change);

  g_signal_emit (self, signals[SIGNAL_GROUP_CHANGED], g_quark_from_static_string (name), group, name);
}

void
kith_node_emit_member_changed (KithNode *self, KithGroup *group, KithMember *member,
                               KithMemberChange change)
{
  const char *name = kith_member_change_to_string (change);

  g_signal_emit (self, signals[SIGNAL_MEMBER_CHANGED], g_quark_from_static_string (name), group, member,
                 name);
}

void
kith_node_emit_group_request (KithNode *self, KithGroup *group, KithJoinRequest *request)
{
  g_signal_emit (self, signals[SIGNAL_GROUP_REQUEST], 0, group, request);
}

gint64
kith_node_now_ms (KithNode *self)
{
  return kith_env_realtime_ms (self->env);
}

/* --- Lists ---------------------------------------------------------------------------------- */

void
kith_list_store_drop (GListStore *list, gpointer item)
{
  guint position;

  if (g_list_store_find (list, item, &position))
    g_list_store_remove (list, position);
}

/* --- Properties ----------------------------------------------------------------------------- */

KithProfile *
kith_node_get_profile (KithNode *self)
{
  return self->profile;
}

GListModel *
kith_node_get_contacts (KithNode *self)
{
  return G_LIST_MODEL (self->contacts);
}

GListModel *
kith_node_get_conversations (KithNode *self)
{
  return G_LIST_MODEL (self->conversations);
}

GListModel *
kith_node_get_requests (KithNode *self)
{
  return G_LIST_MODEL (self->requests);
}

guint
kith_node_get_n_sessions (KithNode *self)
{
  return self->sessions != NULL ? kith_session_table_get_length (self->sessions) : 0;
}

static void
kith_node_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  KithNode *self = KITH_NODE (object);

  switch (prop_id)
    {
    case PROP_PROFILE:
      g_value_set_object (value, self->profile);
      break;
    case PROP_LISTENING:
      g_value_set_boolean (value, kith_node_get_listening (self));
      break;
    case PROP_LISTEN_PORT:
      g_value_set_uint (value, kith_node_get_listen_port (self));
      break;
    case PROP_CONTACTS:
      g_value_set_object (value, self->contacts);
      break;
    case PROP_CONVERSATIONS:
      g_value_set_object (value, self->conversations);
      break;
    case PROP_REQUESTS:
      g_value_set_object (value, self->requests);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_node_dispose (GObject *object)
{
  KithNode *self = KITH_NODE (object);

  /* What is being stopped holds on to the node, which is then disposed of a second time. */
  if (self->networking != NULL)
    kith_node_abandon (self);
  kith_node_drop_drafts (self);
  kith_source_clear (&self->shutdown_timer);
  kith_expiry_stop (self);
  kith_node_clock_stop (self);
  kith_source_clear (&self->invites_source);
  g_hash_table_remove_all (self->joins);
  g_ptr_array_set_size (self->invites, 0);
  g_hash_table_remove_all (self->inviting);
  g_hash_table_remove_all (self->connects);
  g_hash_table_remove_all (self->news);
  g_hash_table_remove_all (self->refusals);
  g_hash_table_remove_all (self->asking);
  g_hash_table_remove_all (self->group_links->followed);
  kith_node_remove_peers (self);
  g_clear_pointer (&self->dial_back, kith_dial_back_free);
  g_clear_pointer (&self->networking, kith_networking_free);
  g_clear_pointer (&self->sessions, kith_session_table_free);
  if (self->local != NULL)
    kith_local_disconnect (self->local);
  g_clear_pointer (&self->local, kith_local_unref);

  G_OBJECT_CLASS (kith_node_parent_class)->dispose (object);
}

static void
kith_node_finalize (GObject *object)
{
  KithNode *self = KITH_NODE (object);

  g_clear_pointer (&self->clock_check, kith_clock_check_free);
  g_clear_pointer (&self->group_links, kith_group_links_free);
  g_clear_pointer (&self->transfers, kith_transfers_free);
  g_clear_pointer (&self->awaiting_writes, g_ptr_array_unref);
  g_clear_pointer (&self->asking, g_hash_table_unref);
  g_clear_pointer (&self->namesakes, kith_namesakes_free);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_pointer (&self->devices, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  g_clear_pointer (&self->connects, g_hash_table_unref);
  g_clear_pointer (&self->news, g_hash_table_unref);
  g_clear_pointer (&self->refusals, g_hash_table_unref);
  g_clear_pointer (&self->knocks, g_hash_table_unref);
  g_clear_pointer (&self->attempts, g_array_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->unstored, g_hash_table_unref);
  g_clear_pointer (&self->invites, g_ptr_array_unref);
  g_clear_pointer (&self->joins, g_hash_table_unref);
  g_clear_pointer (&self->inviting, g_hash_table_unref);
  g_clear_object (&self->invitations);
  g_clear_pointer (&self->drafts, g_hash_table_unref);
  g_clear_pointer (&self->profile_row, kith_store_profile_free);
  g_clear_pointer (&self->own_folder, g_free);
  g_clear_pointer (&self->listen_address, g_free);
  g_clear_object (&self->profile);
  g_clear_object (&self->contacts);
  g_clear_object (&self->conversations);
  g_clear_object (&self->requests);
  g_clear_object (&self->groups);
  g_clear_pointer (&self->group_hosts, g_hash_table_unref);
  g_clear_pointer (&self->impostors, g_hash_table_unref);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (kith_node_parent_class)->finalize (object);
}

static void
install_signals (GType type)
{
  signals[SIGNAL_MESSAGE_ADDED] =
    g_signal_new ("message-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  KITH_TYPE_CONVERSATION, KITH_TYPE_MESSAGE);
  signals[SIGNAL_MESSAGE_CHANGED] =
    g_signal_new ("message-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  KITH_TYPE_CONVERSATION, KITH_TYPE_MESSAGE);
  signals[SIGNAL_MESSAGE_EVENT] =
    g_signal_new ("message-event", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 5, KITH_TYPE_CONVERSATION, G_TYPE_STRING, G_TYPE_STRING,
                  KITH_TYPE_CONTACT, G_TYPE_STRING);
  signals[SIGNAL_REQUEST_ADDED] =
    g_signal_new ("request-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  KITH_TYPE_REQUEST);
  signals[SIGNAL_REQUEST_REMOVED] =
    g_signal_new ("request-removed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  KITH_TYPE_REQUEST);
  signals[SIGNAL_CONTACT_CHANGED] =
    g_signal_new ("contact-changed", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, KITH_TYPE_CONTACT, G_TYPE_STRING);
  signals[SIGNAL_WORDS_CHANGED] =
    g_signal_new ("words-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  KITH_TYPE_COMPARISON);
  signals[SIGNAL_INVITATION_USED] =
    g_signal_new ("invitation-used", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  KITH_TYPE_INVITATION, KITH_TYPE_REQUEST);
  signals[SIGNAL_INVITATION_MISUSED] =
    g_signal_new ("invitation-misused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  KITH_TYPE_INVITATION);
  signals[SIGNAL_WARNING] = g_signal_new ("warning", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_ERROR);
  kith_transfers_install_signals (type);
  signals[SIGNAL_GROUP_CHANGED] =
    g_signal_new ("group-changed", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, KITH_TYPE_GROUP, G_TYPE_STRING);
  signals[SIGNAL_MEMBER_CHANGED] =
    g_signal_new ("member-changed", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, KITH_TYPE_GROUP, KITH_TYPE_MEMBER, G_TYPE_STRING);
  signals[SIGNAL_GROUP_REQUEST] =
    g_signal_new ("group-request", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                  KITH_TYPE_GROUP, KITH_TYPE_JOIN_REQUEST);
}

static void
kith_node_class_init (KithNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kith_node_get_property;
  object_class->dispose = kith_node_dispose;
  object_class->finalize = kith_node_finalize;

  properties[PROP_PROFILE] =
    g_param_spec_object ("profile", NULL, NULL, KITH_TYPE_PROFILE, flags);
  properties[PROP_LISTENING] = g_param_spec_boolean ("listening", NULL, NULL, FALSE, flags);
  properties[PROP_LISTEN_PORT] =
    g_param_spec_uint ("listen-port", NULL, NULL, 0, G_MAXUINT16, 0, flags);
  properties[PROP_CONTACTS] = g_param_spec_object ("contacts", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_CONVERSATIONS] =
    g_param_spec_object ("conversations", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_REQUESTS] = g_param_spec_object ("requests", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
kith_node_init (KithNode *self)
{
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) kith_secret_free_text);
  self->unstored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->drafts = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) kith_chat_unref, NULL);
  self->contacts = g_list_store_new (KITH_TYPE_CONTACT);
  self->conversations = g_list_store_new (KITH_TYPE_CONVERSATION);
  self->requests = g_list_store_new (KITH_TYPE_REQUEST);
  self->groups = g_list_store_new (KITH_TYPE_GROUP);
  self->group_hosts = kith_groups_new_table ();
  self->impostors = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, g_free, g_object_unref);
  self->peers = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL,
                                       (GDestroyNotify) kith_peer_unref);
  self->namesakes = kith_namesakes_new ();
  self->asking = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL,
                                        (GDestroyNotify) kith_asking_free);
  self->wanted = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, g_free, NULL);
  self->connects = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->devices = g_hash_table_new_full (device_hash, device_equal, g_free,
                                         (GDestroyNotify) kith_store_device_free);
  self->news = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) kith_news_free);
  self->refusals = kith_node_new_refusals ();
  self->knocks = g_hash_table_new_full (tag_hash, tag_equal, g_free, g_free);
  self->attempts = kith_asking_new_attempts ();
  self->invitations = g_list_store_new (KITH_TYPE_INVITATION);
  self->invites = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_own_invite_free);
  self->joins = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL,
                                       (GDestroyNotify) kith_join_free);
  self->inviting = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  self->group_links = kith_group_links_new (self);
  self->networking = kith_networking_new (self);
  self->dial_back = kith_dial_back_new (self);
  self->transfers = kith_transfers_new (self);
}

/**
 * kith_node_new: (skip)
 * @store: where the node keeps what it knows
 * @env: (transfer none): clock and randomness; has to outlive the node
 *
 * Returns: (transfer full): a node that knows nothing until kith_node_open_async()
 */
KithNode *
kith_node_new (KithStore *store, const KithEnv *env)
{
  KithNode *self = g_object_new (KITH_TYPE_NODE, NULL);

  self->store = g_object_ref (store);
  self->env = env;
  kith_node_clock_start (self);
  return self;
}

/**
 * kith_node_new_in_memory:
 *
 * Returns: (transfer full): a node that keeps everything in memory; all is gone with it
 */
KithNode *
kith_node_new_in_memory (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  KithNode *self = kith_node_new (store, kith_env_get_default ());

  kith_transfers_leave_nothing (self->transfers, FALSE);
  return self;
}
