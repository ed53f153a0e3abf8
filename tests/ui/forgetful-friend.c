/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ben, who takes a message for delivered that he never sent. He asks the one who listens on a port of this
 * machine to become contacts; then he writes "One" and "Three", and says nothing more until a line comes
 * from the standard input. What he is asked for meanwhile he answers then.
 *
 * usage: forgetful-friend PORT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib-unix.h>
#include <sodium.h>

#include "base/kith-init.h"

#include "../node/kith-test-acts.h"

static void
tell (const char *what)
{
  puts (what);
  fflush (stdout);
}

/* Returns: (transfer full) */
static KithContact *
ask (TestPerson *ben, guint16 port)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithContact *contact = NULL;

  kith_node_connect_async (ben->node, "127.0.0.1", port, NULL, NULL, test_result_cb, &result);
  if (!kith_node_connect_finish (ben->node, test_await (&result), NULL, &contact, &error))
    g_error ("%s", error->message);

  return contact;
}

/* It stands in the conversation, with a number, and nobody has ever sent it. */
static void
lose (TestPerson *ben, KithContact *contact, const char *text)
{
  KithPeer *peer = kith_node_lookup_peer (ben->node, kith_contact_get_identity (contact));
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  gint64 now_ms = g_get_real_time () / 1000;
  KithStoreMessage row = {
    .outgoing = TRUE,
    .seq = peer->row->next_seq++,
    .time_ms = now_ms,
    .hlc = kith_hlc_next (&ben->node->hlc, now_ms),
    .state = KITH_MESSAGE_DELIVERED,
    .sent_ms = now_ms,
    .delivered_ms = now_ms,
    .text = (char *) text,
  };

  memcpy (row.identity, kith_contact_get_identity (contact), sizeof row.identity);
  randombytes_buf (row.id, sizeof row.id);
  kith_store_batch_add_message (batch, &row);
  kith_node_commit (ben->node, batch);
}

static gboolean
ended_cb (gint fd, GIOCondition condition, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (TestPerson) ben = NULL;
  g_autoptr (KithContact) contact = NULL;
  KithConversation *conversation;
  gboolean has_ended = FALSE;

  if (argc != 2 || !kith_init ())
    return EXIT_FAILURE;

  ben = test_person_new ("Ben");
  contact = ask (ben, (guint16) strtoul (argv[1], NULL, 10));
  test_wait_for (kith_contact_get_relation (contact) == KITH_RELATION_MUTUAL);
  conversation = kith_node_get_conversation (ben->node, contact);

  g_autoptr (KithMessage) first = test_person_send_in (ben, conversation, "One");

  test_wait_for (kith_message_get_state (first) == KITH_MESSAGE_DELIVERED);
  lose (ben, contact, "Two");

  g_autoptr (KithMessage) last = test_person_send_in (ben, conversation, "Three");

  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_SENT);
  /* And on the wire. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  tell ("silent");
  if (getchar () == EOF)
    return EXIT_FAILURE;

  g_unix_fd_add (0, G_IO_IN | G_IO_HUP, ended_cb, &has_ended);
  while (!has_ended)
    g_main_context_iteration (NULL, TRUE);

  return EXIT_SUCCESS;
}
