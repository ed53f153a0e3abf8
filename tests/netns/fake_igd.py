#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A home router that answers UPnP as it was told, and says what it was asked.

fake_igd.py OWN_ADDRESS EXTERNAL_ADDRESS CONTROL_URL ERROR...: each AddPortMapping gets the next of the errors, and
none when they are used up."""
import http.server
import re
import socket
import struct
import sys
import threading

own, external, control = sys.argv[1:4]
errors = list(sys.argv[4:])
LOCATION = f'http://{own}:5000/root.xml'
SERVICE = 'urn:schemas-upnp-org:service:WANIPConnection:1'
DESCRIPTION = f'''<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion><device>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><friendlyName>Fake</friendlyName>
<manufacturer>Nobody</manufacturer><modelName>Fake</modelName><UDN>uuid:fake</UDN><serviceList><service>
<serviceType>{SERVICE}</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<SCPDURL>/scpd.xml</SCPDURL><controlURL>{control}</controlURL><eventSubURL>/events</eventSubURL>
</service></serviceList></device></root>'''
ENVELOPE = ('<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
            's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>{}</s:Body></s:Envelope>')
FAULT = ('<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>'
         '<UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>{}</errorCode>'
         '<errorDescription>No</errorDescription></UPnPError></detail></s:Fault>')


def answer_searches():
    group = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    group.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    group.bind(('', 1900))
    group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                     socket.inet_aton('239.255.255.250') + socket.inet_aton(own))
    print('listening', flush=True)
    while True:
        request, address = group.recvfrom(2000)
        if request.startswith(b'M-SEARCH') and SERVICE.encode() in request:
            group.sendto((f'HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: {SERVICE}\r\nUSN: uuid:fake::{SERVICE}'
                          f'\r\nEXT:\r\nSERVER: Fake UPnP/1.0\r\nLOCATION: {LOCATION}\r\n\r\n').encode(), address)


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, text):
        self.send_response(status)
        self.send_header('Content-Type', 'text/xml; charset="utf-8"')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self):
        self.answer(200, DESCRIPTION)

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length'])).decode()
        action = re.search(r'#(\w+)', self.headers['SOAPAction'])[1]
        values = re.findall(r'<(NewExternalPort|NewLeaseDuration)>(\d+)<', body)
        print(action, *(f'{name}={value}' for name, value in values), flush=True)
        if action == 'AddPortMapping' and errors:
            self.answer(500, ENVELOPE.format(FAULT.format(errors.pop(0))))
            return
        inside = f'<NewExternalIPAddress>{external}</NewExternalIPAddress>' if action == 'GetExternalIPAddress' else ''
        self.answer(200, ENVELOPE.format(f'<u:{action}Response xmlns:u="{SERVICE}">{inside}</u:{action}Response>'))


server = http.server.ThreadingHTTPServer((own, 5000), Handler)
threading.Thread(target=answer_searches, daemon=True).start()
server.serve_forever()
