/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps a port mapped until its input ends, and prints each change in a line: state, method,
 * external endpoint or "-", detail; and of IPv6 "pinhole", state, detail. For tests/netns. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <gio/gunixinputstream.h>

#include "net/kith-port-map.h"
#include "node/kith-own-addresses.h"

static const char *const states[] = { "off", "searching", "mapped", "no-router", "refused",
                                      "double-nat" };
static const char *const methods[] = { "none", "upnp", "nat-pmp", "pcp" };

static void
print_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  KithPortMap *map = KITH_PORT_MAP (object);
  KithEndpoint endpoint;
  g_autofree char *external = kith_port_map_get_external (map, &endpoint)
                                ? kith_endpoint_dup_text (&endpoint)
                                : g_strdup ("-");

  g_print ("%s %s %s %s\n", states[kith_port_map_get_state (map)],
           methods[kith_port_map_get_method (map)], external, kith_port_map_get_detail (map));
}

static void
stopped_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  kith_port_map_stop_finish (KITH_PORT_MAP (object), result, NULL);
  g_main_loop_quit (user_data);
}

static void
print_pinhole_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  KithPortMap *map = KITH_PORT_MAP (object);

  g_print ("pinhole %s %s\n", states[kith_port_map_get_pinhole (map)],
           kith_port_map_get_pinhole_detail (map));
}

/* As the node does: all that this machine has. */
static void
set_addresses (KithPortMap *map, guint16 port)
{
  g_auto (GStrv) texts = kith_own_addresses_list (NULL);
  KithEndpoint addresses[16];
  guint n = 0;

  for (char **text = texts; *text != NULL && n < G_N_ELEMENTS (addresses); text++)
    if (kith_endpoint_parse (&addresses[n], *text, port))
      n++;
  kith_port_map_set_addresses (map, addresses, n);
}

static void
start (KithPortMap *map, const char *port)
{
  kith_port_map_start (map, (guint16) atoi (port));
  set_addresses (map, (guint16) atoi (port));
}

typedef struct
{
  KithPortMap      *map;
  GMainLoop        *loop;
  GDataInputStream *input;
} Probe;

static void read_next (Probe *probe);

/* A number is a port to move to, "n" a change of the network. */
static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probe *probe = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source),
                                                                result, NULL, NULL);

  if (line == NULL)
    {
      kith_port_map_stop_async (probe->map, NULL, stopped_cb, probe->loop);
      return;
    }

  if (line[0] == 'n')
    kith_port_map_network_changed (probe->map);
  else
    start (probe->map, line);
  read_next (probe);
}

static void
read_next (Probe *probe)
{
  g_data_input_stream_read_line_async (probe->input, G_PRIORITY_DEFAULT, NULL, line_cb, probe);
}

int
main (int argc, char *argv[])
{
  g_autoptr (KithPortMap) map = kith_port_map_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  Probe probe = { map, loop, lines };

  if (argc < 2)
    return 2;

  /* port-map-probe PORT [SEARCH_MS AGAIN_MS] */
  if (argc == 4)
    {
      kith_port_map_get_times (map)->search_ms = (guint) atoi (argv[2]);
      kith_port_map_get_times (map)->again_ms = (guint) atoi (argv[3]);
    }

  setvbuf (stdout, NULL, _IOLBF, 0);
  g_signal_connect (map, "notify::state", G_CALLBACK (print_cb), NULL);
  g_signal_connect (map, "notify::pinhole", G_CALLBACK (print_pinhole_cb), NULL);
  read_next (&probe);
  start (map, argv[1]);
  g_main_loop_run (loop);
  return 0;
}
