/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The published vectors of our four patterns, from the handshake into the transport. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <json-glib/json-glib.h>
#include <sodium.h>

#include "base/kith-bytes.h"
#include "proto/kith-noise-handshake.h"

#define MAX_BYTES 1024

/* One vector, whichever file it comes from; all hex. */
typedef struct
{
  const char *name;
  const char *prologue;
  const char *psk;
  const char *init_static, *init_ephemeral, *init_remote;
  const char *resp_static, *resp_ephemeral, *resp_remote;
  const char *hash;
  GPtrArray  *payloads;
  GPtrArray  *ciphertexts;
  gboolean    transport_restarts; /* the first transport message is the initiator's */
} Vector;

typedef struct
{
  KithNoiseHandshake handshake;
  KithNoiseCipher    sending;
  KithNoiseCipher    receiving;
} Side;

static KithNoisePattern
pattern_of (const char *name)
{
  if (g_str_has_prefix (name, "Noise_XXpsk0_"))
    return KITH_NOISE_XXPSK0;
  if (g_str_has_prefix (name, "Noise_KKpsk0_"))
    return KITH_NOISE_KKPSK0;

  g_assert_true (g_str_has_prefix (name, "Noise_XX_"));
  return KITH_NOISE_XX;
}

static gsize
unhex (const char *text, guint8 *out)
{
  gsize len = text != NULL ? strlen (text) / 2 : 0;

  g_assert_cmpuint (len, <=, MAX_BYTES);
  if (len > 0)
    g_assert_true (kith_hex_decode (text, out, len));
  return len;
}

static void
side_init (Side *side, const Vector *vector, gboolean initiator)
{
  const char *s = initiator ? vector->init_static : vector->resp_static;
  const char *e = initiator ? vector->init_ephemeral : vector->resp_ephemeral;
  const char *rs = initiator ? vector->init_remote : vector->resp_remote;
  guint8 bytes[MAX_BYTES];
  gsize len;

  kith_noise_handshake_init (&side->handshake, pattern_of (vector->name), initiator);
  if (unhex (s, bytes) > 0)
    g_assert_true (kith_noise_handshake_set_static (&side->handshake, bytes));
  if (unhex (e, bytes) > 0)
    g_assert_true (kith_noise_handshake_set_ephemeral (&side->handshake, bytes));
  if (unhex (rs, bytes) > 0)
    kith_noise_handshake_set_remote_static (&side->handshake, bytes);
  if (unhex (vector->psk, bytes) > 0)
    kith_noise_handshake_set_psk (&side->handshake, bytes);
  len = unhex (vector->prologue, bytes);
  kith_noise_handshake_start (&side->handshake, bytes, len);
}

static void
side_split (Side *side, gboolean initiator)
{
  guint8 k1[KITH_KEY_BYTES], k2[KITH_KEY_BYTES], k3[KITH_KEY_BYTES];

  g_assert_true (kith_noise_handshake_split (&side->handshake, k1, k2, k3));
  kith_noise_cipher_init_key (&side->sending, initiator ? k1 : k2);
  kith_noise_cipher_init_key (&side->receiving, initiator ? k2 : k1);
}

static void
exchange_handshake (Side *from, Side *to, const guint8 *payload, gsize len, const char *expected)
{
  guint8 message[MAX_BYTES], back[MAX_BYTES];
  gsize message_len, back_len;
  g_autofree char *hex = NULL;

  g_assert_true (kith_noise_handshake_create_message (&from->handshake, payload, len, message,
                                                      sizeof message, &message_len));
  hex = kith_hex_encode (message, message_len);
  g_assert_cmpstr (hex, ==, expected);
  g_assert_true (kith_noise_handshake_consume_message (&to->handshake, message, message_len, back,
                                                       sizeof back, &back_len));
  g_assert_cmpmem (back, back_len, payload, len);
}

static void
exchange_transport (Side *from, Side *to, const guint8 *payload, gsize len, const char *expected)
{
  guint8 message[MAX_BYTES];
  g_autofree char *hex = NULL;

  memcpy (message, payload, len);
  g_assert_true (kith_noise_cipher_encrypt (&from->sending, NULL, 0, message, len, message));
  hex = kith_hex_encode (message, len + KITH_NOISE_TAG_BYTES);
  g_assert_cmpstr (hex, ==, expected);
  g_assert_true (kith_noise_cipher_decrypt (&to->receiving, NULL, 0, message,
                                            len + KITH_NOISE_TAG_BYTES, message));
  g_assert_cmpmem (message, len, payload, len);
}

static void
run_vector (const Vector *vector)
{
  Side init = { 0 }, resp = { 0 };
  guint first_transport = 0;

  side_init (&init, vector, TRUE);
  side_init (&resp, vector, FALSE);

  for (guint i = 0; i < vector->payloads->len; i++)
    {
      const char *expected = g_ptr_array_index (vector->ciphertexts, i);
      guint8 payload[MAX_BYTES];
      gsize len = unhex (g_ptr_array_index (vector->payloads, i), payload);
      gboolean in_handshake = !kith_noise_handshake_is_finished (&init.handshake);
      guint turn = !in_handshake && vector->transport_restarts ? i - first_transport : i;
      gboolean from_init = turn % 2 == 0;

      if (in_handshake)
        {
          exchange_handshake (from_init ? &init : &resp, from_init ? &resp : &init, payload, len,
                              expected);
          first_transport = i + 1;
          if (kith_noise_handshake_is_finished (&init.handshake))
            {
              side_split (&init, TRUE);
              side_split (&resp, FALSE);
            }
        }
      else
        exchange_transport (from_init ? &init : &resp, from_init ? &resp : &init, payload, len,
                            expected);
    }

  g_assert_true (kith_noise_handshake_is_finished (&init.handshake));
  g_assert_cmpmem (kith_noise_handshake_get_hash (&init.handshake), KITH_HASH_BYTES,
                   kith_noise_handshake_get_hash (&resp.handshake), KITH_HASH_BYTES);
  if (vector->hash != NULL)
    {
      g_autofree char *hex =
        kith_hex_encode (kith_noise_handshake_get_hash (&init.handshake), KITH_HASH_BYTES);

      g_assert_cmpstr (hex, ==, vector->hash);
    }
}

/* --- cacophony: JSON ------------------------------------------------------------------------ */

static const char *
member (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
test_cacophony (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "noise", "cacophony.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *vectors;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  vectors = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "vectors");
  g_assert_cmpuint (json_array_get_length (vectors), ==, 2);

  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      JsonObject *object = json_array_get_object_element (vectors, i);
      JsonArray *messages = json_object_get_array_member (object, "messages");
      Vector vector = {
        .name = member (object, "protocol_name"),
        .prologue = member (object, "init_prologue"),
        .init_static = member (object, "init_static"),
        .init_ephemeral = member (object, "init_ephemeral"),
        .init_remote = member (object, "init_remote_static"),
        .resp_static = member (object, "resp_static"),
        .resp_ephemeral = member (object, "resp_ephemeral"),
        .resp_remote = member (object, "resp_remote_static"),
        .hash = member (object, "handshake_hash"),
        .payloads = g_ptr_array_new (),
        .ciphertexts = g_ptr_array_new (),
      };

      if (json_object_has_member (object, "init_psks"))
        vector.psk = json_array_get_string_element (json_object_get_array_member (object, "init_psks"), 0);
      for (guint j = 0; j < json_array_get_length (messages); j++)
        {
          JsonObject *message = json_array_get_object_element (messages, j);

          g_ptr_array_add (vector.payloads, (char *) member (message, "payload"));
          g_ptr_array_add (vector.ciphertexts, (char *) member (message, "ciphertext"));
        }

      run_vector (&vector);
      g_ptr_array_unref (vector.payloads);
      g_ptr_array_unref (vector.ciphertexts);
    }
}

/* --- flynn: key=value blocks ---------------------------------------------------------------- */

static const char *
value_of (char **lines, const char *key)
{
  for (char **line = lines; *line != NULL; line++)
    {
      const char *rest = *line;

      if (g_str_has_prefix (rest, key) && rest[strlen (key)] == '=')
        return rest + strlen (key) + 1;
    }

  return NULL;
}

static void
run_block (char **lines)
{
  Vector vector = {
    .name = value_of (lines, "handshake"),
    .prologue = value_of (lines, "prologue"),
    .psk = value_of (lines, "preshared_key"),
    .init_static = value_of (lines, "init_static"),
    .init_ephemeral = value_of (lines, "gen_init_ephemeral"),
    .resp_static = value_of (lines, "resp_static"),
    .resp_ephemeral = value_of (lines, "gen_resp_ephemeral"),
    .payloads = g_ptr_array_new (),
    .ciphertexts = g_ptr_array_new (),
    .transport_restarts = TRUE,
  };

  for (guint i = 0;; i++)
    {
      g_autofree char *payload_key = g_strdup_printf ("msg_%u_payload", i);
      g_autofree char *ciphertext_key = g_strdup_printf ("msg_%u_ciphertext", i);

      if (value_of (lines, payload_key) == NULL)
        break;
      g_ptr_array_add (vector.payloads, (char *) value_of (lines, payload_key));
      g_ptr_array_add (vector.ciphertexts, (char *) value_of (lines, ciphertext_key));
    }

  g_assert_cmpuint (vector.payloads->len, ==, 5);
  run_vector (&vector);
  g_ptr_array_unref (vector.payloads);
  g_ptr_array_unref (vector.ciphertexts);
}

static void
test_flynn (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "noise", "flynn-xxpsk0.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) blocks = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  blocks = g_strsplit (text, "\n\n", -1);
  for (char **block = blocks; *block != NULL; block++)
    {
      g_auto (GStrv) lines = g_strsplit (g_strstrip (*block), "\n", -1);

      if (value_of (lines, "handshake") == NULL)
        continue;
      run_block (lines);
      n++;
    }

  g_assert_cmpuint (n, ==, 4);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noise/vectors/cacophony", test_cacophony);
  g_test_add_func ("/noise/vectors/flynn", test_flynn);
  return g_test_run ();
}
