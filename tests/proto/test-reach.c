/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people tell each other about where they are: records, and values for one reader. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "proto/kith-body.h"
#include "proto/kith-rendezvous.h"

static KithEndpoint
endpoint (const char *address, guint port)
{
  KithEndpoint out;

  g_assert_true (kith_endpoint_parse (&out, address, port));
  return out;
}

static void
test_endpoints (void)
{
  KithEndpoints endpoints = { .n = 2 };
  KithEndpoints back;
  g_autoptr (GByteArray) body = NULL;
  guint16 dht_port;

  endpoints.items[0] = endpoint ("192.0.2.1", 5484);
  endpoints.items[1] = endpoint ("2001:db8::7", 65535);
  body = kith_body_endpoints_pack (&endpoints, 4222);
  g_assert_true (kith_body_endpoints_unpack (&back, &dht_port, body->data, body->len));
  g_assert_cmpuint (dht_port, ==, 4222);
  g_assert_cmpuint (back.n, ==, 2);
  g_assert_true (kith_endpoint_equal (&back.items[0], &endpoints.items[0]));
  g_assert_true (kith_endpoint_equal (&back.items[1], &endpoints.items[1]));

  for (guint i = 0; i < body->len; i++)
    {
      g_autofree guint8 *cut = g_memdup2 (body->data, MAX (i, 1));

      kith_body_endpoints_unpack (&back, &dht_port, cut, i);
      g_assert_cmpuint (back.n, <=, 2);
    }
}

static void
test_dial_back (void)
{
  KithBodyDialBack asked = { .token = G_MAXUINT64, .n_tries = 2 };
  KithBodyDialBack back;
  g_autoptr (GByteArray) question = NULL;
  g_autoptr (GByteArray) answer = NULL;

  asked.tries[0].endpoint = endpoint ("192.0.2.1", 5484);
  asked.tries[1].endpoint = endpoint ("2001:db8::7", 5485);
  question = kith_body_dial_back_pack (&asked);
  g_assert_true (kith_body_dial_back_unpack (&back, question->data, question->len));
  g_assert_cmpuint (back.token, ==, G_MAXUINT64);
  g_assert_cmpuint (back.n_tries, ==, 2);
  g_assert_cmpint (back.tries[1].result, ==, KITH_DIAL_NOT_TRIED);

  back.tries[0].result = KITH_DIAL_REACHED;
  back.tries[1].result = KITH_DIAL_TIMEOUT;
  back.seen = endpoint ("198.51.100.9", 1);
  answer = kith_body_dial_back_result_pack (&back);
  g_assert_true (kith_body_dial_back_result_unpack (&asked, answer->data, answer->len));
  g_assert_cmpint (asked.tries[0].result, ==, KITH_DIAL_REACHED);
  g_assert_cmpint (asked.tries[1].result, ==, KITH_DIAL_TIMEOUT);
  g_assert_true (kith_endpoint_equal (&asked.tries[1].endpoint, &back.tries[1].endpoint));
  g_assert_cmpuint (asked.seen.family, ==, 4);
  g_assert_cmpuint (asked.seen.port, ==, 0);
  g_assert_cmpuint (asked.seen.address[3], ==, 9);
}

/* Whatever comes, what is read stays within its bounds. */
static void
test_garbage (void)
{
  guint8 bytes[64];
  KithBodyDialBack back;
  KithEndpoints endpoints;
  guint16 dht_port;

  for (guint i = 0; i < 20000; i++)
    {
      gsize len = randombytes_uniform (sizeof bytes);

      randombytes_buf (bytes, len);
      kith_body_dial_back_unpack (&back, bytes, len);
      g_assert_cmpuint (back.n_tries, <=, KITH_LIMIT_ENDPOINTS);
      kith_body_dial_back_result_unpack (&back, bytes, len);
      g_assert_cmpuint (back.n_tries, <=, KITH_LIMIT_ENDPOINTS);
      kith_body_endpoints_unpack (&endpoints, &dht_port, bytes, len);
      g_assert_cmpuint (endpoints.n, <=, KITH_LIMIT_ENDPOINTS);
    }
}

static void
test_open_with_an_invite (void)
{
  g_auto (KithBodyOpen) open = { .purpose = KITH_PURPOSE_INVITE, .dht_port = 4222 };
  g_auto (KithBodyOpen) back = { 0 };
  g_autoptr (GByteArray) body = NULL;
  g_autoptr (GByteArray) bare = NULL;

  memset (open.invite_id, 1, sizeof open.invite_id);
  memset (open.invite_proof, 2, sizeof open.invite_proof);
  body = kith_body_open_pack (&open);
  g_assert_true (kith_body_open_unpack (&back, body->data, body->len));
  g_assert_cmpint (back.purpose, ==, KITH_PURPOSE_INVITE);
  g_assert_cmpmem (back.invite_id, sizeof back.invite_id, open.invite_id, sizeof open.invite_id);
  g_assert_cmpmem (back.invite_proof, 32, open.invite_proof, 32);
  g_assert_cmpuint (back.dht_port, ==, 4222);

  /* The proof belongs to that purpose and to no other. */
  open.purpose = KITH_PURPOSE_REQUEST;
  bare = kith_body_open_pack (&open);
  g_assert_cmpuint (bare->len + 2 + 8 + 2 + 32, ==, body->len);
}

/* One who was asked by another way tells the name and the words with OPEN_OK; nobody else does. */
static void
test_pending_with_words (void)
{
  g_auto (KithBodyOpen) answer = { .pending = TRUE };
  g_auto (KithBodyOpen) back = { 0 };
  g_autoptr (GByteArray) silent = kith_body_open_ok_pack (&answer);
  g_autoptr (GByteArray) body = NULL;

  g_assert_true (kith_body_open_ok_unpack (&back, silent->data, silent->len));
  g_assert_null (back.name);
  kith_body_open_clear (&back);

  answer.name = g_strdup ("Ben");
  answer.text = g_strdup ("Let me in");
  body = kith_body_open_ok_pack (&answer);
  g_assert_true (kith_body_open_ok_unpack (&back, body->data, body->len));
  g_assert_true (back.pending);
  g_assert_cmpstr (back.name, ==, "Ben");
  g_assert_cmpstr (back.text, ==, "Let me in");
}

/* --- Values for one reader (7.3) ------------------------------------------------------------ */

static void
make_value (KithRendezvousValue *value)
{
  *value = (KithRendezvousValue){ .time_s = 1700000000, .seq = 7, .n_endpoints = KITH_LIMIT_ENDPOINTS };
  for (guint i = 0; i < KITH_LIMIT_ENDPOINTS; i++)
    value->endpoints[i] = endpoint ("2001:db8::1", 5000 + i);
}

static void
test_sealed_to (void)
{
  guint8 root[32] = { 1 }, nonce[24] = { 2 }, reader[32], public_key[32];
  guint8 out[KITH_RENDEZVOUS_VALUE_BYTES], plain[KITH_RENDEZVOUS_VALUE_BYTES];
  guint8 other_reader[32] = { 9 };
  KithRendezvous place, elsewhere;
  KithRendezvousValue value, back;

  memset (reader, 3, sizeof reader);
  g_assert_true (kith_invite_get_reply_key (reader, public_key));
  make_value (&value);
  kith_rendezvous_init (&place, root, 19000, 1);
  kith_rendezvous_init (&elsewhere, root, 19000, 0);
  g_assert_true (kith_rendezvous_seal_to (&place, &value, public_key, nonce, out));

  g_assert_true (kith_rendezvous_open_with (&place, out, sizeof out, reader, &back));
  g_assert_cmpuint (back.n_endpoints, ==, KITH_LIMIT_ENDPOINTS);
  g_assert_cmpuint (back.endpoints[7].port, ==, 5007);
  g_assert_cmpuint (back.seq, ==, 7);

  /* Not for somebody else who knows the place, not with another key, not elsewhere. */
  g_assert_false (kith_rendezvous_open (&place, out, sizeof out, &back));
  g_assert_false (kith_rendezvous_open_with (&place, out, sizeof out, other_reader, &back));
  g_assert_false (kith_rendezvous_open_with (&elsewhere, out, sizeof out, reader, &back));
  g_assert_false (kith_rendezvous_open_with (&place, out, sizeof out - 1, reader, &back));

  /* And what is for everybody who knows the place is not taken for it. */
  kith_rendezvous_seal (&place, &value, nonce, plain);
  g_assert_false (kith_rendezvous_open_with (&place, plain, sizeof plain, reader, &back));

  for (guint i = 0; i < sizeof out; i++)
    {
      out[i] ^= 1;
      g_assert_false (kith_rendezvous_open_with (&place, out, sizeof out, reader, &back));
      out[i] ^= 1;
    }
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reach/endpoints", test_endpoints);
  g_test_add_func ("/reach/dial-back", test_dial_back);
  g_test_add_func ("/reach/garbage", test_garbage);
  g_test_add_func ("/reach/open-invite", test_open_with_an_invite);
  g_test_add_func ("/reach/pending", test_pending_with_words);
  g_test_add_func ("/reach/sealed-to", test_sealed_to);
  return g_test_run ();
}
