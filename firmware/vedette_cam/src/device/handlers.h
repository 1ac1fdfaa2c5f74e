// What each address answers; the routes are in web.cpp.
#pragma once

#include <esp_http_server.h>

namespace vedette {

esp_err_t on_root(httpd_req_t* request);     // the set-up page while its network is open; else on to /status
esp_err_t on_status(httpd_req_t* request);   // the settings as the sensor reports them
esp_err_t on_health(httpd_req_t* request);
esp_err_t on_control(httpd_req_t* request);  // ?var=&val=, CameraWebServer's
esp_err_t on_capture(httpd_req_t* request);  // one fresh JPEG
esp_err_t on_reboot(httpd_req_t* request);
esp_err_t on_setup(httpd_req_t* request);    // the set-up page's form
esp_err_t on_update(httpd_req_t* request);   // a new firmware as the body
esp_err_t on_stream(httpd_req_t* request);

// While the set-up network is open, every unknown address leads to its page: that makes phones show it.
esp_err_t on_unknown(httpd_req_t* request, httpd_err_code_t error);

}  // namespace vedette
