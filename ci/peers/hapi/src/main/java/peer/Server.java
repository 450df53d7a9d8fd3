package peer;

import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.provider.JpaSystemProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.interceptor.CorsInterceptor;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.web.cors.CorsConfiguration;

/**
 * Starts the peer: {@code java peer.Server PORT} serves FHIR R4 at {@code http://127.0.0.1:PORT/fhir}.
 *
 * <p>Not for use with real data: it has no sign-in and keeps everything in memory.
 */
public final class Server {
    private Server() {}

    /** Serves until the process is stopped. The one argument is the port. */
    public static void main(String[] arguments) throws Exception {
        int port = port(arguments);
        var beans = new AnnotationConfigApplicationContext(Storage.class);
        RestfulServer fhir = fhir(beans);

        var jetty = new org.eclipse.jetty.server.Server();
        var connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        jetty.addConnector(connector);
        var context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(fhir), "/fhir/*");
        jetty.setHandler(context);
        jetty.setStopAtShutdown(true);
        jetty.start();
        jetty.join();
    }

    private static int port(String[] arguments) {
        if (arguments.length == 1 && arguments[0].matches("[1-9][0-9]{0,4}")) {
            return Integer.parseInt(arguments[0]);
        }
        throw new IllegalArgumentException("give one argument, the port: a number from 1 to 65535");
    }

    /** The server as HAPI's own starter project sets it up by default, without its optional parts. */
    private static RestfulServer fhir(AnnotationConfigApplicationContext beans) {
        IFhirSystemDao<?, ?> systemDao = beans.getBean(IFhirSystemDao.class);
        var fhir = new RestfulServer(systemDao.getContext());
        fhir.registerProviders(beans.getBean(ResourceProviderFactory.class).createProviders());
        fhir.registerProvider(beans.getBean(JpaSystemProvider.class));

        var capabilities = new JpaCapabilityStatementProvider(
                fhir,
                systemDao,
                beans.getBean(JpaStorageSettings.class),
                beans.getBean(ISearchParamRegistry.class),
                beans.getBean(IValidationSupport.class));
        capabilities.setImplementationDescription("HAPI FHIR R4 Server");
        fhir.setServerConformanceProvider(capabilities);

        fhir.setDefaultResponseEncoding(EncodingEnum.JSON);
        fhir.setDefaultPrettyPrint(true);
        var paging = beans.getBean(DatabaseBackedPagingProvider.class);
        paging.setDefaultPageSize(20);
        paging.setMaximumPageSize(200);
        fhir.setPagingProvider(paging);
        fhir.registerInterceptor(new CorsInterceptor(cors()));
        return fhir;
    }

    /** Every origin may read. */
    private static CorsConfiguration cors() {
        var cors = new CorsConfiguration();
        cors.setAllowedOriginPatterns(List.of("*"));
        cors.setAllowedMethods(List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"));
        cors.setAllowedHeaders(
                List.of("Accept", "Authorization", "Cache-Control", "Content-Type", "Origin", "Prefer"));
        cors.setExposedHeaders(List.of("Location", "Content-Location"));
        cors.setAllowCredentials(true);
        return cors;
    }
}
