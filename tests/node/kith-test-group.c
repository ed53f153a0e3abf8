/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-group.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-networking.h"
#include "node/kith-node-reach.h"
#include "proto/kith-identity.h"

static char *
line_of (const guint8 *identity, const guint8 *body, gsize len)
{
  g_autofree char *hex = kith_hex_encode (identity, 32);
  g_autofree char *text = g_strndup ((const char *) body, len);

  return g_strconcat (hex, " ", text, NULL);
}

static void
linked_cb (const guint8 *gid, const guint8 *identity, gpointer user_data)
{
  TestMember *self = user_data;

  g_assert_true (kith_group_links_is_linked (self->person->node, gid, identity));
  self->n_linked++;
}

static void
unlinked_cb (const guint8 *gid, const guint8 *identity, gpointer user_data)
{
  TestMember *self = user_data;

  g_assert_false (kith_group_links_is_linked (self->person->node, gid, identity));
  g_assert_false (kith_group_links_send (self->person->node, gid, identity, KITH_RECORD_GROUP_HELLO,
                                         NULL, 0));
  self->n_unlinked++;
}

static gboolean
record_cb (const guint8 *gid, const guint8 *identity, KithRecordType type, const guint8 *body,
           gsize len, gpointer user_data)
{
  TestMember *self = user_data;

  g_ptr_array_add (self->heard, line_of (identity, body, len));
  return TRUE;
}

static void
drained_cb (const guint8 *gid, const guint8 *identity, gpointer user_data)
{
  ((TestMember *) user_data)->n_drained++;
}

static void
reachable_cb (const guint8 *gid, const guint8 *identity, gpointer user_data)
{
  ((TestMember *) user_data)->n_reachable++;
}

static gboolean
outside_cb (const guint8 *gid, const guint8 *identity, KithInvitation *link, KithRecordType type,
            const guint8 *body, gsize len, gpointer user_data)
{
  TestMember *self = user_data;
  g_autofree char *text = g_strndup ((const char *) body, len);

  memcpy (self->last_asked, identity, sizeof self->last_asked);
  g_ptr_array_add (self->asked,
                   g_strdup_printf ("%s: %s", link != NULL ? kith_invitation_get_id (link) : "-", text));
  return TRUE;
}

static const KithGroupLinksEvents events = { linked_cb, unlinked_cb, record_cb, drained_cb,
                                             reachable_cb, outside_cb };

/* --- Members -------------------------------------------------------------------------------- */

static void
member_free (gpointer data)
{
  TestMember *self = data;

  if (self->person->node != NULL)
    kith_group_links_set_events (self->person->node, NULL, NULL);
  test_person_free (self->person);
  kith_secret_unref (self->seed);
  g_ptr_array_unref (self->heard);
  g_ptr_array_unref (self->asked);
  g_free (self);
}

/* After each start. */
void
test_member_listen (TestMember *self)
{
  kith_group_links_set_events (self->person->node, &events, self);
}

const guint8 *
test_member_get_identity (TestMember *self)
{
  return self->identity;
}

void
test_member_want (TestMember *self, TestMember *other)
{
  guint8 identities[1][KITH_IDENTITY_BYTES];

  memcpy (identities[0], test_member_get_identity (other), sizeof identities[0]);
  kith_group_links_want (self->person->node, self->group->gid,
                         (const guint8 (*)[KITH_IDENTITY_BYTES]) identities, 1);
}

void
test_member_want_nobody (TestMember *self)
{
  kith_group_links_want (self->person->node, self->group->gid, NULL, 0);
}

gboolean
test_member_is_linked (TestMember *self, TestMember *other)
{
  return kith_group_links_is_linked (self->person->node, self->group->gid,
                                     test_member_get_identity (other));
}

gboolean
test_member_say (TestMember *self, TestMember *to, const char *text)
{
  return kith_group_links_send (self->person->node, self->group->gid, test_member_get_identity (to),
                                KITH_RECORD_GROUP_ENTRIES, (const guint8 *) text, strlen (text));
}

guint
test_member_count_heard (TestMember *self, TestMember *from, const char *text)
{
  g_autofree char *line = line_of (test_member_get_identity (from), (const guint8 *) text, strlen (text));
  guint n = 0;

  for (guint i = 0; i < self->heard->len; i++)
    n += g_str_equal (g_ptr_array_index (self->heard, i), line) ? 1 : 0;

  return n;
}

gboolean
test_member_ask (TestMember *self, TestMember *whom, const char *text)
{
  return kith_group_links_send (self->person->node, self->group->gid, test_member_get_identity (whom),
                                KITH_RECORD_GROUP_JOIN, (const guint8 *) text, strlen (text));
}

/* --- The group ------------------------------------------------------------------------------ */

KithSecret *
test_group_dup_random_secret (void)
{
  guint8 bytes[32];

  randombytes_buf (bytes, sizeof bytes);
  return kith_secret_new_from (bytes, sizeof bytes);
}

TestGroup *
test_group_new (void)
{
  TestGroup *self = g_new0 (TestGroup, 1);

  randombytes_buf (self->gid, sizeof self->gid);
  self->secret = test_group_dup_random_secret ();
  self->members = g_ptr_array_new_with_free_func (member_free);
  return self;
}

void
test_group_free (TestGroup *self)
{
  g_ptr_array_unref (self->members);
  kith_secret_unref (self->secret);
  g_free (self);
}

/* Somebody who has a key of their own; nobody knows of it yet. */
TestMember *
test_group_add (TestGroup *self, const char *name)
{
  TestMember *member = g_new0 (TestMember, 1);

  member->group = self;
  member->person = test_person_new_in (name, self->env);
  member->seed = test_group_dup_random_secret ();
  member->heard = g_ptr_array_new_with_free_func (g_free);
  member->asked = g_ptr_array_new_with_free_func (g_free);
  kith_identity_get_public (kith_secret_get_data (member->seed), member->author);
  memcpy (member->identity, kith_local_get_identity (member->person->node->local),
          sizeof member->identity);
  test_member_listen (member);
  g_ptr_array_add (self->members, member);
  return member;
}

/* @member is about to join. */
void
test_group_join (TestGroup *self, TestMember *member)
{
  kith_group_links_put_group (member->person->node, self->gid, member->seed);
}

/* @member learns that @of is in the group. */
void
test_group_tell (TestGroup *self, TestMember *member, TestMember *of)
{
  test_group_join (self, member);
  kith_group_links_set_secret (member->person->node, self->gid, self->secret, NULL);
  kith_group_links_put_member (member->person->node, self->gid, test_member_get_identity (of), of->author);
}

void
test_group_tell_all (TestGroup *self)
{
  for (guint i = 0; i < self->members->len; i++)
    for (guint j = 0; j < self->members->len; j++)
      if (i != j)
        test_group_tell (self, g_ptr_array_index (self->members, i),
                         g_ptr_array_index (self->members, j));
}

/* --- What members do ------------------------------------------------------------------------ */

KithPeer *
test_member_get_peer (TestMember *self, TestMember *other)
{
  return kith_node_lookup_peer (self->person->node, test_member_get_identity (other));
}

void
test_member_befriend (TestMember *a, TestMember *b)
{
  test_befriend (a->person, b->person);
  test_wait_for (test_member_get_peer (a, b)->row->pair_root != NULL && test_member_get_peer (b, a)->row->pair_root != NULL);
}

void
test_member_go_online (TestMember *self, KithFakeDhtNet *net)
{
  g_autoptr (KithNetworkConfig) config = kith_network_config_new ();
  g_autoptr (KithFakeDht) dht = kith_fake_dht_new (net);
  g_autoptr (GError) error = NULL;

  config->dht = config->lan = config->port_map = FALSE;
  kith_node_override_network_config (self->person->node, config, &error);
  g_assert_no_error (error);
  kith_networking_use_dht (self->person->node->networking, KITH_DHT (dht));
  kith_node_go_online (self->person->node);
}

void
test_member_set_reach (TestMember *self, KithReach reach)
{
  g_autoptr (GError) error = NULL;

  kith_node_set_reach (self->person->node, reach, &error);
  g_assert_no_error (error);
  kith_local_get_timeouts (self->person->node->local)->silent_close_ms = 10;
}

guint
test_member_count_contacts (TestMember *self)
{
  return g_list_model_get_n_items (kith_node_get_contacts (self->person->node));
}

/* --- Raw sessions --------------------------------------------------------------------------- */

/* With the keys of @self, but behind the back of its node. */
void
test_raw_dial (TestRaw *raw, TestMember *self, TestMember *other)
{
  test_raw_dial_as (raw, self->person->node->local, other->person);
}

void
test_raw_open (TestRaw *raw, TestGroup *group)
{
  g_auto (KithBodyOpen) open = { .purpose = KITH_PURPOSE_GROUP, .n_groups = 1 };

  kith_session_get_group_name (raw->session, group->gid, &open.groups[0]);
  kith_session_open (raw->session, &open);
}

void
test_raw_assert_refused (TestRaw *raw)
{
  gint64 began_us = g_get_monotonic_time ();

  test_wait_for (raw->error != NULL);
  g_assert_error (raw->error, KITH_ERROR, KITH_ERROR_NOT_CONTACT);
  g_assert_false (raw->opened);
  g_assert_cmpint (raw->closed_us - began_us, >, (KITH_LIMIT_NOT_CONTACT_DELAY_MS - 50) * 1000);
}

/* (transfer full): a link to that group */
KithInvitation *
test_member_make_link (TestMember *self, const guint8 *gid)
{
  g_autoptr (GAsyncResult) made = NULL;
  g_autoptr (GError) error = NULL;
  KithInvitation *link;

  kith_group_invite_create_async (self->person->node, gid, 0, NULL, test_result_cb, &made);
  link = kith_group_invite_create_finish (self->person->node, test_await (&made), &error);
  g_assert_no_error (error);
  return link;
}

void
test_member_follow (TestMember *self, KithInvitation *link)
{
  g_auto (KithInvite) parsed = { 0 };

  g_assert_true (kith_invite_parse_group (&parsed, kith_invitation_get_link (link)));
  test_group_join (self->group, self);
  kith_group_invite_follow (self->person->node, &parsed);
}
