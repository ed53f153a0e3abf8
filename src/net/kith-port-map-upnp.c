/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UPnP-IGD: finds the services of routers that map ports, and asks the first that answers as it
 * should.
 *
 * Anybody on the network can pretend to be a router: whatever is not on one of our links is not
 * talked to, and what is answered is checked and never shown. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-port-map-private.h"

#include <libgupnp/gupnp.h>

#include "base/kith-limits.h"
#include "net/kith-lan-place.h"

#define DESCRIPTION "Kith"
#define REQUEST_TIMEOUT_S 5

/* Errors of WANIPConnection:1. */
#define ERROR_CONFLICT 718
#define ERROR_PERMANENT_ONLY 725

typedef struct _Upnp Upnp;

/* Outlives its mapper when the router answers too late. */
typedef struct
{
  Upnp *upnp; /* (unowned) (nullable) */
} Call;

typedef struct
{
  GUPnPServiceProxy *proxy;    /* (owned) */
  char              *local_ip; /* (owned): ours, as the router sees it */
} Router;

struct _Upnp
{
  KithMapper           base;
  GUPnPContextManager *manager;  /* (owned) (nullable) */
  GPtrArray           *points;   /* (owned) GUPnPControlPoint */
  GPtrArray           *routers;  /* (owned) Router */
  guint                at;       /* which of them is asked */
  gboolean             wanted;   /* whether somebody waits for an answer */
  gboolean             removing;
  GCancellable        *cancellable; /* (owned) */
  Call                *call;     /* (unowned) (nullable): under way */
  KithEndpoint         external; /* port: what we ask for, then what we have */
  guint                n_ports;  /* tried */
  gboolean             permanent;
};

static void ask_address (Upnp *self);
static void ask_port (Upnp *self);

static void
router_free (gpointer data)
{
  Router *router = data;

  g_object_unref (router->proxy);
  g_free (router->local_ip);
  g_free (router);
}

static gboolean
has_router (Upnp *self)
{
  return self->at < self->routers->len;
}

/* Only with has_router(). */
static Router *
get_router (Upnp *self)
{
  return self->routers->pdata[self->at];
}

/* --- Calls ---------------------------------------------------------------------------------- */

static void
abandon_call (Upnp *self)
{
  if (self->call != NULL)
    self->call->upnp = NULL;
  self->call = NULL;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* Returns: (nullable): whom to tell */
static Upnp *
end_call (Call *call)
{
  Upnp *self = call->upnp;

  g_free (call);
  if (self != NULL)
    {
      self->call = NULL;
      g_clear_object (&self->cancellable);
    }
  return self;
}

static void
do_call (Upnp *self, GUPnPServiceProxyAction *action, GAsyncReadyCallback answered)
{
  abandon_call (self);
  self->call = g_new0 (Call, 1);
  self->call->upnp = self;
  self->cancellable = g_cancellable_new ();
  gupnp_service_proxy_call_action_async (get_router (self)->proxy, action, self->cancellable,
                                         answered, self->call);
  gupnp_service_proxy_action_unref (action);
}

/* --- Outcomes ------------------------------------------------------------------------------- */

/* The next router is asked; telling is the last thing that is done. */
static void
fail (Upnp *self, KithPortMapState state, const char *detail)
{
  self->at++;
  if (has_router (self))
    ask_address (self);
  self->base.events->failed (&self->base, state, detail, self->base.user_data);
}

static void
fail_with (Upnp *self, const char *action, const GError *error)
{
  g_autofree char *detail = NULL;

  if (error->domain != GUPNP_CONTROL_ERROR)
    {
      detail = g_strdup_printf ("UPnP: no answer to %s", action);
      fail (self, KITH_PORT_MAP_NO_ROUTER, detail);
      return;
    }

  detail = g_strdup_printf ("UPnP: %s was refused (%d)", action, error->code);
  fail (self, kith_port_map_is_reachable (&self->external) || self->external.family == 0
                ? KITH_PORT_MAP_REFUSED
                : KITH_PORT_MAP_DOUBLE_NAT,
        detail);
}

/* --- Mapping -------------------------------------------------------------------------------- */

static void
port_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GUPnPServiceProxyAction *action;
  g_autoptr (GError) error = NULL;
  Upnp *self = end_call (user_data);

  action = gupnp_service_proxy_call_action_finish (GUPNP_SERVICE_PROXY (source), result, &error);
  if (self == NULL)
    return;

  if (action != NULL && gupnp_service_proxy_action_get_result (action, &error, NULL))
    {
      self->wanted = FALSE;
      self->base.events->mapped (&self->base, &self->external, self->base.user_data);
    }
  else if (g_error_matches (error, GUPNP_CONTROL_ERROR, ERROR_PERMANENT_ONLY) && !self->permanent)
    {
      self->permanent = TRUE;
      ask_port (self);
    }
  else if (g_error_matches (error, GUPNP_CONTROL_ERROR, ERROR_CONFLICT)
           && ++self->n_ports < KITH_LIMIT_PORT_MAP_PORTS)
    {
      self->external.port = (guint16) g_random_int_range (KITH_LIMIT_LOWEST_PORT, G_MAXUINT16 + 1);
      ask_port (self);
    }
  else
    fail_with (self, "AddPortMapping", error);
}

static void
ask_port (Upnp *self)
{
  guint lease_s = self->permanent ? 0 : self->base.lease_s;

  do_call (self,
           gupnp_service_proxy_action_new (
             "AddPortMapping", "NewRemoteHost", G_TYPE_STRING, "", "NewExternalPort", G_TYPE_UINT,
             (guint) self->external.port, "NewProtocol", G_TYPE_STRING, "TCP", "NewInternalPort",
             G_TYPE_UINT, (guint) self->base.local_port, "NewInternalClient", G_TYPE_STRING,
             get_router (self)->local_ip, "NewEnabled", G_TYPE_BOOLEAN, TRUE,
             "NewPortMappingDescription", G_TYPE_STRING, DESCRIPTION, "NewLeaseDuration",
             G_TYPE_UINT, lease_s, NULL),
           port_answered);
}

static gboolean
take_address (Upnp *self, const char *text)
{
  guint16 port = self->external.port != 0 ? self->external.port : self->base.local_port;

  return kith_upnp_take_address (text, port, &self->external);
}

static void
address_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GUPnPServiceProxyAction *action;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  Upnp *self = end_call (user_data);

  action = gupnp_service_proxy_call_action_finish (GUPNP_SERVICE_PROXY (source), result, &error);
  if (self == NULL)
    return;

  if (action == NULL
      || !gupnp_service_proxy_action_get_result (action, &error, "NewExternalIPAddress",
                                                 G_TYPE_STRING, &address, NULL))
    fail_with (self, "GetExternalIPAddress", error);
  else if (!take_address (self, address))
    fail (self, KITH_PORT_MAP_REFUSED, "UPnP: the router names no address");
  else if (self->external.address[0] == 0)
    fail (self, KITH_PORT_MAP_DOUBLE_NAT, "UPnP: the router has no public address");
  else
    ask_port (self);
}

static void
ask_address (Upnp *self)
{
  self->n_ports = 0;
  do_call (self, gupnp_service_proxy_action_new ("GetExternalIPAddress", NULL), address_answered);
}

static void
removal_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Upnp *self = end_call (user_data);

  gupnp_service_proxy_call_action_finish (GUPNP_SERVICE_PROXY (source), result, NULL);
  if (self != NULL)
    self->base.events->removed (&self->base, self->base.user_data);
}

/* --- Finding routers ------------------------------------------------------------------------ */

static gboolean
is_on_link (const KithEndpoint *endpoint)
{
  g_autoptr (GArray) places = kith_lan_place_list (NULL);

  for (guint i = 0; i < places->len; i++)
    if (kith_lan_place_contains (&g_array_index (places, KithLanPlace, i), endpoint))
      return TRUE;

  return FALSE;
}

/* A router is on our network, and so is the address by which it wants to be asked. */
static gboolean
is_trustworthy (GUPnPServiceProxy *proxy)
{
  g_autofree char *text = gupnp_service_info_get_control_url (GUPNP_SERVICE_INFO (proxy));
  KithEndpoint endpoint;

  return kith_upnp_take_url (text, &endpoint) && is_on_link (&endpoint);
}

static void
service_available (GUPnPControlPoint *point, GUPnPServiceProxy *proxy, gpointer user_data)
{
  Upnp *self = user_data;
  GUPnPContext *context = gupnp_control_point_get_context (point);
  const char *local_ip = gssdp_client_get_host_ip (GSSDP_CLIENT (context));
  Router *router;

  if (self->removing || self->routers->len >= KITH_LIMIT_PORT_MAP_ROUTERS || local_ip == NULL
      || !is_trustworthy (proxy))
    return;

  router = g_new0 (Router, 1);
  router->proxy = g_object_ref (proxy);
  router->local_ip = g_strdup (local_ip);
  g_ptr_array_add (self->routers, router);
  if (self->wanted && self->call == NULL && self->at == self->routers->len - 1)
    ask_address (self);
}

static guint
find_router (Upnp *self, GUPnPServiceProxy *proxy)
{
  for (guint i = 0; i < self->routers->len; i++)
    if (((Router *) self->routers->pdata[i])->proxy == proxy)
      return i;

  return G_MAXUINT;
}

static void
service_unavailable (GUPnPControlPoint *point, GUPnPServiceProxy *proxy, gpointer user_data)
{
  Upnp *self = user_data;
  guint index = find_router (self, proxy);

  if (self->removing || index == G_MAXUINT)
    return;

  if (index == self->at)
    abandon_call (self);
  g_ptr_array_remove_index (self->routers, index);

  if (index < self->at)
    self->at--;
  else if (index == self->at)
    {
      self->wanted = TRUE;
      if (has_router (self))
        ask_address (self);
      self->base.events->failed (&self->base, KITH_PORT_MAP_NO_ROUTER, "UPnP: the router left",
                                 self->base.user_data);
    }
}

static gboolean
is_local_network (GUPnPContext *context)
{
  const char *name = gssdp_client_get_interface (GSSDP_CLIENT (context));
  g_autoptr (GArray) places = kith_lan_place_list (NULL);

  for (guint i = 0; i < places->len; i++)
    if (g_strcmp0 (g_array_index (places, KithLanPlace, i).name, name) == 0)
      return TRUE;

  return FALSE;
}

static void
look_for (Upnp *self, GUPnPContext *context, const char *service)
{
  GUPnPControlPoint *point = gupnp_control_point_new (context, service);

  g_signal_connect (point, "service-proxy-available", G_CALLBACK (service_available), self);
  g_signal_connect (point, "service-proxy-unavailable", G_CALLBACK (service_unavailable), self);
  gssdp_resource_browser_set_active (GSSDP_RESOURCE_BROWSER (point), TRUE);
  g_ptr_array_add (self->points, point);
}

/* A point that waits for an answer lives on until it comes. If the manager looked after the points,
 * as it offers to, one that outlives it would write into what the manager was. */
static void
drop_point (Upnp *self, guint index)
{
  GUPnPControlPoint *point = self->points->pdata[index];

  g_signal_handlers_disconnect_by_data (point, self);
  gssdp_resource_browser_set_active (GSSDP_RESOURCE_BROWSER (point), FALSE);
  g_ptr_array_remove_index_fast (self->points, index);
}

static void
context_available (GUPnPContextManager *manager, GUPnPContext *context, gpointer user_data)
{
  Upnp *self = user_data;

  if (self->removing || !is_local_network (context))
    return;

  g_object_set (gupnp_context_get_session (context), "timeout", REQUEST_TIMEOUT_S, NULL);
  look_for (self, context, "urn:schemas-upnp-org:service:WANIPConnection:1");
  look_for (self, context, "urn:schemas-upnp-org:service:WANPPPConnection:1");
}

static void
context_unavailable (GUPnPContextManager *manager, GUPnPContext *context, gpointer user_data)
{
  Upnp *self = user_data;

  for (guint i = self->points->len; i > 0; i--)
    if (gupnp_control_point_get_context (self->points->pdata[i - 1]) == context)
      drop_point (self, i - 1);
}

/* --- The mapper ----------------------------------------------------------------------------- */

static void
say_nothing (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

/* What the libraries warn of is what somebody on the network did, and with whom: nothing that
 * belongs in a log. */
static void
silence_libraries (void)
{
  static const char *const domains[] = {
    "gssdp-client",        "gssdp-net",         "gupnp-context",      "gupnp-context-manager",
    "gupnp-control-point", "gupnp-device-info", "gupnp-service-info", "gupnp-service-proxy",
    "gupnp-xml-doc",
  };
  static gboolean done = FALSE;

  for (gsize i = 0; !done && i < G_N_ELEMENTS (domains); i++)
    g_log_set_handler (domains[i],
                       G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO
                         | G_LOG_LEVEL_DEBUG,
                       say_nothing, NULL);
  done = TRUE;
}

/* Not all routers say that they are there, and the first searches may have been lost. */
static void
search_again (Upnp *self)
{
  for (guint i = 0; i < self->points->len; i++)
    gssdp_resource_browser_rescan (GSSDP_RESOURCE_BROWSER (self->points->pdata[i]));
}

static void
upnp_request (KithMapper *mapper)
{
  Upnp *self = (Upnp *) mapper;

  /* All have failed: begin with the first again. */
  if (!has_router (self))
    self->at = 0;
  self->wanted = TRUE;

  if (self->manager == NULL)
    {
      self->manager = gupnp_context_manager_create_full (GSSDP_UDA_VERSION_1_0,
                                                         G_SOCKET_FAMILY_IPV4, 0);
      g_signal_connect (self->manager, "context-available", G_CALLBACK (context_available),
                        self);
      g_signal_connect (self->manager, "context-unavailable", G_CALLBACK (context_unavailable),
                        self);
    }
  else if (has_router (self))
    ask_address (self);
  else
    search_again (self);
}

static void
upnp_remove (KithMapper *mapper)
{
  Upnp *self = (Upnp *) mapper;

  self->removing = TRUE;
  self->wanted = FALSE;
  do_call (self,
           gupnp_service_proxy_action_new ("DeletePortMapping", "NewRemoteHost", G_TYPE_STRING, "",
                                           "NewExternalPort", G_TYPE_UINT,
                                           (guint) self->external.port, "NewProtocol",
                                           G_TYPE_STRING, "TCP", NULL),
           removal_answered);
}

static void
upnp_free (KithMapper *mapper)
{
  Upnp *self = (Upnp *) mapper;

  abandon_call (self);
  while (self->points->len > 0)
    drop_point (self, self->points->len - 1);
  if (self->manager != NULL)
    g_signal_handlers_disconnect_by_data (self->manager, self);
  g_ptr_array_unref (self->routers);
  g_ptr_array_unref (self->points);
  g_clear_object (&self->manager);
  g_free (self);
}

/**
 * kith_port_map_upnp_new:
 *
 * Returns: (transfer full): a mapper that asks the routers of every network that we are on
 */
KithMapper *
kith_port_map_upnp_new (void)
{
  static const KithMapperClass class = { upnp_request, upnp_remove, upnp_free };
  Upnp *self = g_new0 (Upnp, 1);

  silence_libraries ();
  self->base.class = &class;
  self->base.method = KITH_PORT_MAP_METHOD_UPNP;
  self->points = g_ptr_array_new_with_free_func (g_object_unref);
  self->routers = g_ptr_array_new_with_free_func (router_free);
  return &self->base;
}
