/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NAT-PMP (RFC 6886): asks for the router's address, then for the port. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "base/kith-source.h"
#include "net/kith-port-map-private.h"

#include <glib-unix.h>
#include <natpmp.h>

typedef enum
{
  STEP_IDLE,
  STEP_ADDRESS,
  STEP_PORT,
  STEP_REMOVE,
} Step;

typedef struct
{
  KithMapper base;
  natpmp_t   natpmp;
  gboolean   is_open;
  Step       step;
  GSource   *socket;  /* (owned) (nullable) */
  GSource   *timer;   /* (owned) (nullable) */
  guint8     address[4];
  guint16    port;    /* what the router gave us, or what we wish for */
} NatPmp;

static void wait_for_answer (NatPmp *self);

static void
close_all (NatPmp *self)
{
  kith_source_clear (&self->socket);
  kith_source_clear (&self->timer);
  if (self->is_open)
    closenatpmp (&self->natpmp);
  self->is_open = FALSE;
}

/* --- Outcomes: each is the last thing that is done ------------------------------------------- */

static const char *
explain (int code)
{
  switch (code)
    {
    case NATPMP_ERR_CANNOTGETGATEWAY:
      return "NAT-PMP: no default gateway";
    case NATPMP_ERR_NOGATEWAYSUPPORT:
      return "NAT-PMP: the gateway does not speak it";
    case NATPMP_ERR_UNSUPPORTEDVERSION:
      return "NAT-PMP: the gateway speaks another version";
    case NATPMP_ERR_UNSUPPORTEDOPCODE:
      return "NAT-PMP: the gateway does not know the request";
    case NATPMP_ERR_NOTAUTHORIZED:
      return "NAT-PMP: not authorized (2)";
    case NATPMP_ERR_NETWORKFAILURE:
      return "NAT-PMP: the gateway has no public address (3)";
    case NATPMP_ERR_OUTOFRESOURCES:
      return "NAT-PMP: the gateway is out of resources (4)";
    default:
      return "NAT-PMP: failed";
    }
}

static KithPortMapState
judge (int code)
{
  switch (code)
    {
    case NATPMP_ERR_NETWORKFAILURE:
      return KITH_PORT_MAP_DOUBLE_NAT;
    case NATPMP_ERR_UNSUPPORTEDOPCODE:
    case NATPMP_ERR_NOTAUTHORIZED:
    case NATPMP_ERR_OUTOFRESOURCES:
    case NATPMP_ERR_UNDEFINEDERROR:
      return KITH_PORT_MAP_REFUSED;
    default:
      return KITH_PORT_MAP_NO_ROUTER;
    }
}

static void
fail (NatPmp *self, int code)
{
  gboolean removing = self->step == STEP_REMOVE;

  close_all (self);
  self->step = STEP_IDLE;
  if (removing)
    self->base.events->removed (&self->base, self->base.user_data);
  else
    self->base.events->failed (&self->base, judge (code), explain (code), self->base.user_data);
}

static void
refuse (NatPmp *self, const char *detail)
{
  close_all (self);
  self->step = STEP_IDLE;
  self->base.events->failed (&self->base, KITH_PORT_MAP_REFUSED, detail, self->base.user_data);
}

/* --- Questions and answers ------------------------------------------------------------------ */

static void
send_request (NatPmp *self, Step step)
{
  int code;

  self->step = step;
  if (step == STEP_ADDRESS)
    code = sendpublicaddressrequest (&self->natpmp);
  else
    code = sendnewportmappingrequest (&self->natpmp, NATPMP_PROTOCOL_TCP, self->base.local_port,
                                      step == STEP_PORT ? self->port : 0,
                                      step == STEP_PORT ? self->base.lease_s : 0);

  /* A request that was not sent is sent again by the timer, as a lost one. */
  if (code < 0)
    g_debug ("A request was not sent: code %d", code);
  wait_for_answer (self);
}

static void
take_mapping (NatPmp *self, const natpmpresp_t *response)
{
  KithEndpoint external;

  if (response->pnu.newportmapping.lifetime == 0
      || !kith_endpoint_set_bytes (&external, self->address, sizeof self->address,
                                   response->pnu.newportmapping.mappedpublicport))
    {
      refuse (self, "NAT-PMP: the gateway gave no port");
      return;
    }

  close_all (self);
  self->step = STEP_IDLE;
  self->port = external.port;
  self->base.events->mapped (&self->base, &external, self->base.user_data);
}

static void
take_response (NatPmp *self, const natpmpresp_t *response)
{
  switch (self->step)
    {
    case STEP_ADDRESS:
      memcpy (self->address, &response->pnu.publicaddress.addr, sizeof self->address);
      send_request (self, STEP_PORT);
      break;
    case STEP_PORT:
      take_mapping (self, response);
      break;
    case STEP_REMOVE:
      close_all (self);
      self->step = STEP_IDLE;
      self->base.events->removed (&self->base, self->base.user_data);
      break;
    case STEP_IDLE:
      break;
    }
}

static void
receive (NatPmp *self)
{
  natpmpresp_t response = { 0 };
  int code = readnatpmpresponseorretry (&self->natpmp, &response);

  kith_source_clear (&self->timer);
  if (code == NATPMP_TRYAGAIN)
    wait_for_answer (self);
  else if (code != 0)
    fail (self, code);
  else
    take_response (self, &response);
}

static gboolean
readable_cb (gint fd, GIOCondition condition, gpointer user_data)
{
  receive (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
timer_cb (gpointer user_data)
{
  receive (user_data);
  return G_SOURCE_REMOVE;
}

/* The library sends a request again when it is read from at that time. */
static void
wait_for_answer (NatPmp *self)
{
  struct timeval left = { 0, 0 };
  gint64 ms = 0;

  if (getnatpmprequesttimeout (&self->natpmp, &left) == 0)
    ms = (gint64) left.tv_sec * 1000 + left.tv_usec / 1000 + 1;

  kith_source_start (&self->timer, (guint) CLAMP (ms, 1, 60000), timer_cb, self);
}

/* --- The mapper ----------------------------------------------------------------------------- */

/* Opened for each request anew: another network has another gateway. */
static int
open_socket (NatPmp *self)
{
  int code = initnatpmp (&self->natpmp, 0, 0);

  self->is_open = code != NATPMP_ERR_SOCKETERROR;
  if (code != 0)
    return code;

  self->socket = g_unix_fd_source_new (self->natpmp.s, G_IO_IN | G_IO_ERR);
  g_source_set_callback (self->socket, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_set_static_name (self->socket, "kith-nat-pmp");
  g_source_attach (self->socket, g_main_context_get_thread_default ());
  return 0;
}

static gboolean
not_opened_cb (gpointer user_data)
{
  fail (user_data, NATPMP_ERR_CANNOTGETGATEWAY);
  return G_SOURCE_REMOVE;
}

static void
begin (NatPmp *self, Step step)
{
  close_all (self);
  self->step = step;
  if (open_socket (self) == 0)
    {
      send_request (self, step);
      return;
    }

  self->timer = g_idle_source_new ();
  g_source_set_callback (self->timer, not_opened_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
nat_pmp_request (KithMapper *mapper)
{
  NatPmp *self = (NatPmp *) mapper;

  if (self->port == 0)
    self->port = mapper->local_port;
  begin (self, STEP_ADDRESS);
}

static void
nat_pmp_remove (KithMapper *mapper)
{
  begin ((NatPmp *) mapper, STEP_REMOVE);
}

static void
nat_pmp_free (KithMapper *mapper)
{
  NatPmp *self = (NatPmp *) mapper;

  close_all (self);
  g_free (self);
}

/**
 * kith_port_map_nat_pmp_new:
 *
 * Returns: (transfer full): a mapper that asks the default gateway
 */
KithMapper *
kith_port_map_nat_pmp_new (void)
{
  static const KithMapperClass class = { nat_pmp_request, nat_pmp_remove, nat_pmp_free };
  NatPmp *self = g_new0 (NatPmp, 1);

  self->base.class = &class;
  self->base.method = KITH_PORT_MAP_METHOD_NAT_PMP;
  return &self->base;
}
