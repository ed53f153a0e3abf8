/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is in a group, who wants to be, and who decides. */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-group-private.h"

#include <string.h>

#include "model/kith-names.h"

/* --- Members -------------------------------------------------------------------------------- */

/**
 * kith_group_get_members:
 * @self: a group
 *
 * Returns: (transfer none): the current members, the admin first
 */
GListModel *
kith_group_get_members (KithGroup *self)
{
  return G_LIST_MODEL (self->members);
}

/**
 * kith_group_get_n_members:
 * @self: a group
 *
 * Returns: how many are in it now
 */
guint
kith_group_get_n_members (KithGroup *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->members));
}

/**
 * kith_group_find_member:
 * @self: a group
 * @identity: an identity key
 *
 * Returns: (transfer none) (nullable): who has it, in the group now or earlier
 */
KithMember *
kith_group_find_member (KithGroup *self, const guint8 identity[KITH_IDENTITY_BYTES])
{
  return g_hash_table_lookup (self->known, identity);
}

static int
compare_members (gconstpointer a, gconstpointer b, gpointer user_data)
{
  KithMember *first = (KithMember *) a;
  KithMember *second = (KithMember *) b;
  int order;

  if (kith_member_get_admin (first) != kith_member_get_admin (second))
    return kith_member_get_admin (first) ? -1 : 1;

  order = kith_names_compare (kith_member_get_name (first), kith_member_get_name (second));
  return order != 0 ? order
                    : memcmp (kith_member_get_identity (first), kith_member_get_identity (second),
                              KITH_IDENTITY_BYTES);
}

/**
 * kith_group_sort_members:
 * @self: a group
 *
 * Puts the list into its order again.
 */
void
kith_group_sort_members (KithGroup *self)
{
  g_list_store_sort (self->members, compare_members, NULL);
}

/**
 * kith_group_put_member:
 * @self: a group
 * @member: (transfer none): a member, new or known
 * @current: whether they are in the group now
 */
void
kith_group_put_member (KithGroup *self, KithMember *member, gboolean current)
{
  gboolean known = kith_group_find_member (self, kith_member_get_identity (member)) == member;
  guint position;
  gboolean listed;

  if (known && kith_member_get_current (member) == current)
    return; /* so it is nearly always, and looking through the list takes long */

  listed = g_list_store_find (self->members, member, &position);
  if (!known)
    g_hash_table_replace (self->known, (gpointer) kith_member_get_identity (member),
                          g_object_ref (member));
  kith_member_set_current (member, current);
  if (listed == current)
    return;

  if (current)
    g_list_store_insert_sorted (self->members, member, compare_members, NULL);
  else
    g_list_store_remove (self->members, position);
  kith_group_notify (self, PROP_N_MEMBERS);
}

/**
 * kith_group_get_admin:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): who decides about members
 */
KithMember *
kith_group_get_admin (KithGroup *self)
{
  return self->admin;
}

/**
 * kith_group_is_admin:
 * @self: a group
 *
 * Returns: whether we are its admin
 */
gboolean
kith_group_is_admin (KithGroup *self)
{
  return self->admin != NULL && kith_member_is_self (self->admin) && kith_group_is_member (self);
}

/**
 * kith_group_set_admin:
 * @self: a group
 * @admin: (transfer none) (nullable): who decides about members from now on
 */
void
kith_group_set_admin (KithGroup *self, KithMember *admin)
{
  KithMember *before = self->admin;

  if (before == admin)
    return;

  if (before != NULL)
    kith_member_set_admin (before, FALSE);
  if (admin != NULL)
    kith_member_set_admin (admin, TRUE);
  g_set_object (&self->admin, admin);
  kith_group_sort_members (self);
  kith_group_notify (self, PROP_ADMIN);
  kith_group_notify (self, PROP_IS_ADMIN);
}

/* --- Those who ask -------------------------------------------------------------------------- */

/**
 * kith_group_get_requests:
 * @self: a group
 *
 * Returns: (transfer none): who asks to be let in
 */
GListModel *
kith_group_get_requests (KithGroup *self)
{
  return G_LIST_MODEL (self->requests);
}

/**
 * kith_group_find_request:
 * @self: a group
 * @identity: an identity key
 *
 * Returns: (transfer none) (nullable): the request of who has it
 */
KithJoinRequest *
kith_group_find_request (KithGroup *self, const guint8 identity[KITH_IDENTITY_BYTES])
{
  GListModel *requests = G_LIST_MODEL (self->requests);

  for (guint i = 0; i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr (KithJoinRequest) request = g_list_model_get_item (requests, i);

      if (memcmp (kith_join_request_get_identity (request), identity, KITH_IDENTITY_BYTES) == 0)
        return request; /* the list holds it */
    }

  return NULL;
}

/**
 * kith_group_add_request:
 * @self: a group
 * @request: (transfer none): a new request; replaces an earlier one of the same person
 */
void
kith_group_add_request (KithGroup *self, KithJoinRequest *request)
{
  KithJoinRequest *before =
    kith_group_find_request (self, kith_join_request_get_identity (request));

  if (before != NULL)
    kith_group_remove_request (self, before);
  g_list_store_append (self->requests, request);
}

/**
 * kith_group_remove_request:
 * @self: a group
 * @request: one that is settled
 */
void
kith_group_remove_request (KithGroup *self, KithJoinRequest *request)
{
  guint position;

  if (g_list_store_find (self->requests, request, &position))
    g_list_store_remove (self->requests, position);
}

/* --- Who follows the admin ------------------------------------------------------------------ */

/**
 * kith_group_get_transfer_to:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): whom the admin wants to follow him
 */
KithMember *
kith_group_get_transfer_to (KithGroup *self)
{
  return self->transfer_to;
}

/**
 * kith_group_set_transfer_to:
 * @self: a group
 * @member: (transfer none) (nullable): whom the admin wants to follow him
 */
void
kith_group_set_transfer_to (KithGroup *self, KithMember *member)
{
  if (g_set_object (&self->transfer_to, member))
    kith_group_notify (self, PROP_TRANSFER_TO);
}

/**
 * kith_group_get_can_endorse:
 * @self: a group
 *
 * Returns: whether members may choose another admin, because theirs has vanished
 */
gboolean
kith_group_get_can_endorse (KithGroup *self)
{
  return self->can_endorse;
}

/**
 * kith_group_set_can_endorse:
 * @self: a group
 * @can_endorse: whether members may choose another admin
 */
void
kith_group_set_can_endorse (KithGroup *self, gboolean can_endorse)
{
  kith_group_set_flag (self, &self->can_endorse, can_endorse, PROP_CAN_ENDORSE);
}

/**
 * kith_group_get_can_claim:
 * @self: a group
 *
 * Returns: whether enough members want us to become admin
 */
gboolean
kith_group_get_can_claim (KithGroup *self)
{
  return self->can_claim;
}

/**
 * kith_group_set_can_claim:
 * @self: a group
 * @can_claim: whether enough members want us to become admin
 */
void
kith_group_set_can_claim (KithGroup *self, gboolean can_claim)
{
  kith_group_set_flag (self, &self->can_claim, can_claim, PROP_CAN_CLAIM);
}
