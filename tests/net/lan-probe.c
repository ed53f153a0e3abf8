/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody on a network, until the input ends. For tests/netns.
 *
 * lan-probe NAME PORT CONTACT... prints "contact NAME ENDPOINT" and "somebody ENDPOINT NAME".
 * A line of input is a port to listen on instead, or a name to present itself by. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>
#include <sodium.h>

#include "net/kith-lan.h"
#include "proto/kith-hash.h"

typedef struct
{
  KithLan          *lan;
  GMainLoop        *loop;
  GDataInputStream *input;
  const char       *name;
  char            **contacts;
  guint             n_contacts;
} Probe;

/* Both of a pair come to the same root. */
static void
get_root (const char *a, const char *b, guint8 root[KITH_HASH_BYTES])
{
  const char *low = strcmp (a, b) < 0 ? a : b;
  const char *high = low == a ? b : a;

  kith_hash (root, "test", KITH_FIELDS (KITH_FIELD (low, strlen (low)),
                                        KITH_FIELD (high, strlen (high))));
}

static void
get_tag (const char *caller, const char *listener, const guint8 *nonce,
         guint8 tag[KITH_BEACON_TAG_BYTES])
{
  guint8 root[KITH_HASH_BYTES];

  get_root (caller, listener, root);
  kith_beacon_get_tag (root, nonce, strcmp (caller, listener) < 0 ? 0 : 1, tag);
}

static guint
list_tags (const guint8 *nonce, guint8 (*tags)[KITH_BEACON_TAG_BYTES], guint first, guint max,
           gpointer user_data)
{
  Probe *self = user_data;
  guint n = 0;

  for (guint i = first; i < self->n_contacts && n < max; i++)
    get_tag (self->name, self->contacts[i], nonce, tags[n++]);

  return n;
}

static void
heard (const KithBeacon *beacon, const KithEndpoint *from, gpointer user_data)
{
  Probe *self = user_data;
  g_autofree char *endpoint = kith_endpoint_dup_text (from);

  for (guint i = 0; i < self->n_contacts; i++)
    {
      guint8 tag[KITH_BEACON_TAG_BYTES];

      get_tag (self->contacts[i], self->name, beacon->nonce, tag);
      if (kith_beacon_has_tag (beacon, tag))
        g_print ("contact %s %s\n", self->contacts[i], endpoint);
    }

  g_print ("somebody %s %s\n", endpoint, beacon->presents ? beacon->name : "");
}

static const KithLanDelegate delegate = { list_tags, heard };

static void read_next (Probe *self);

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probe *self = user_data;
  guint8 identity[KITH_HASH_BYTES];
  g_autofree char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source),
                                                                result, NULL, NULL);

  if (line == NULL)
    {
      g_main_loop_quit (self->loop);
      return;
    }

  kith_hash (identity, "test", KITH_FIELDS (KITH_FIELD (line, strlen (line))));
  if (g_ascii_isdigit (line[0]))
    kith_lan_set_port (self->lan, (guint16) atoi (line));
  else
    kith_lan_present (self->lan, identity, line);
  read_next (self);
}

static void
read_next (Probe *self)
{
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, line_cb, self);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (KithLan) lan = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  Probe probe = { .loop = loop, .input = lines };

  if (argc < 3 || sodium_init () < 0)
    return 2;

  setvbuf (stdout, NULL, _IOLBF, 0);
  probe.name = argv[1];
  probe.contacts = argv + 3;
  probe.n_contacts = (guint) argc - 3;
  probe.lan = lan = kith_lan_new (kith_env_get_default (), &delegate, &probe);
  kith_lan_set_port (lan, (guint16) atoi (argv[2]));
  if (!kith_lan_start (lan, 0, &error))
    {
      g_print ("failed %s\n", error->message);
      return 1;
    }

  read_next (&probe);
  g_print ("started\n");
  g_main_loop_run (loop);
  return 0;
}
